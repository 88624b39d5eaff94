"""Region-year panels: from yearbook files to the paper's tables.

The public names stand in ``__init__.pyi``, by layer; each is loaded when first used, so that
``import panel`` is quick.
"""

import lazy_loader

__version__ = "0.1.0"

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
