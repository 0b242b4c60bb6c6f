"""Import-time stand-in for TensorFlow.

Rasa 3.6 imports ``tensorflow`` and ``keras`` when it starts, because DIET, TED and
ResponseSelector live beside the classical components. The classical pipeline never calls them.
Every name looked up here is a placeholder class: it can be subclassed, used in an annotation or
as a decorator, and raises ``NotImplementedError`` as soon as something is to be computed.
"""

import importlib.abc
import importlib.machinery
import sys
import types

__version__ = "2.12.0"
STANDS_IN_FOR = ("tensorflow", "keras")


class Placeholder(type):
    """The class of every name that TensorFlow would have had."""

    def __getattr__(cls, name):
        if name.startswith("__"):
            raise AttributeError(name)
        child = placeholder(f"{cls.__module__}.{cls.__qualname__}", name)
        setattr(cls, name, child)
        return child

    def __call__(cls, *args, **kwargs):
        if cls.__dict__.get("_is_placeholder"):
            if len(args) == 1 and not kwargs and isinstance(args[0], types.FunctionType):
                return args[0]  # @tf.function
            if kwargs and not args:
                return lambda function: function  # @tf.function(reduce_retracing=True)
        raise NotImplementedError(
            f"{cls.__name__} needs TensorFlow, which this installation leaves out."
        )


def placeholder(module, name):
    """A placeholder class called `name`."""
    return Placeholder(name, (), {"__module__": module, "_is_placeholder": True})


class PlaceholderModule(types.ModuleType):
    """A module in which every public name exists."""

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        value = placeholder(self.__name__, name)
        setattr(self, name, value)
        return value


class SubmoduleFinder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds a placeholder for every submodule of TensorFlow and Keras."""

    def find_spec(self, fullname, path=None, target=None):
        root, _, rest = fullname.partition(".")
        if root in STANDS_IN_FOR and rest:
            return importlib.machinery.ModuleSpec(fullname, self, is_package=True)
        return None

    def create_module(self, spec):
        return PlaceholderModule(spec.name)

    def exec_module(self, module):
        module.__path__ = []


sys.meta_path.insert(0, SubmoduleFinder())
sys.modules[__name__].__class__ = PlaceholderModule
