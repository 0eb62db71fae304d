"""Synthetic studies: small ideas that together draw a believable quarter. Nothing here is a survey of a real place."""
