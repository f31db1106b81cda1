"""The Spark engine: rows read where they are, blocks computed on the workers, small tables brought back."""
