"""A small web of invented pages on reserved hosts, for the tour that `holdfast demo` gives and for tests."""
