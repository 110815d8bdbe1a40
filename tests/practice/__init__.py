"""What the source documents show of practice, and the tests that show what Oogst does; `make practice` runs them."""
