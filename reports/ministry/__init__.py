"""The report for a ministry: a release's cube and manifest become a view, and the view a PDF."""
