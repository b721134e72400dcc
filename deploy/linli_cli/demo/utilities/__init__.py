"""The five utilities of the demo, as partners: a small program for each way of taking part."""
