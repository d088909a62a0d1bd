"""What every running part stands on: settings, the bus, composition, and servers of its own."""
