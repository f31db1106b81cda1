"""Small broken inputs, each with the findings that it must give through the command line."""
