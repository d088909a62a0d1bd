"""A person's data in one document, and a person erased (GDPR, articles 15, 17 and 20).

``holdings`` counts what there is, ``erasing`` takes it away step by step, ``remaining`` says what
cannot be taken away at once, ``exporting`` gives all of it. What is where, and why, stands in
docs/explanation/privacy.md.
"""
