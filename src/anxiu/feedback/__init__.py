"""What customers think of the work: ratings, and making good where they were let down."""
