"""Hostile input: files, settings and tables made wrong by a fuzzer that looks for paths not taken yet."""
