"""The Frostbyte pipeline: documents in, searchable vectors out, every stage reported."""
