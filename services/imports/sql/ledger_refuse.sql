insert or ignore into refused values (?)
