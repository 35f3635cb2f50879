"""The engine of drop-offs: page views that match a step or an exclusion go in, what each unit reached comes out.

Pure functions of numpy arrays, which know neither store nor viewer. Units are sessions, or visitors in one month.
"""
