"""The engine of journeys in numpy: `walk` finds them in page views, `count` counts their steps and links, `paths` them whole.

Everything here works on plain arrays and knows neither the store nor the viewer.
"""
