"""What a product's reviewers say unusually often: docs/explanation/keywords.md."""
