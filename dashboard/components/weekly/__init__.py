"""Parts of the page of frozen weeks."""
