"""Checks of printed figures: does what a document says follow from its other figures?"""
