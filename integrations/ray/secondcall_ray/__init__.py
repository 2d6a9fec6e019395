"""secondcall over a whole fleet of components, with Ray Data."""

from .engine import RayEngine

__all__ = ["RayEngine"]
