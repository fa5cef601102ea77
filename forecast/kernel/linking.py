"""How the functions of the kernel become one library of machine code.

Numba optimises every function on its own and emits its machine code, then links it into each of its
callers and optimises it there again. Of the kernel only the entry points are ever called, so the
rest stay parts, which are optimised and emitted once, within an entry point. That halves the time
to compile. Of numba's internals this relies on its code libraries, on the class that its code
generator makes them of, and on how that sets up LLVM's passes.
"""

import gc
from contextlib import contextmanager

from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import Compiler


class _Part(JITCodeLibrary):
    """A function as first lowered, to be linked into what calls it; it has no machine code."""

    def _optimize_functions(self, module):
        module.data_layout = self._codegen._data_layout

    def finalize(self):
        """Close the library; nothing is optimised."""
        self._raise_if_finalized()
        for library in self._linking_libraries:
            self._reload_init.update(library._reload_init)
        self._finalized = True

    def _needed(self, found):
        if self not in found:
            found[self] = None
            for library in self._linking_libraries:
                if isinstance(library, _Part):
                    library._needed(found)
                else:
                    found[library] = None
        return found

    def _get_module_for_linking(self):
        self._ensure_finalized()
        if self._shared_module is None:
            self._shared_module = _module_of(list(self._needed({})))
            _relabel(self._shared_module, ("weak_odr",), "linkonce_odr")
        return self._shared_module

    def get_pointer_to_function(self, name):
        """Return the null pointer."""
        return 0

    @property
    def codegen(self):
        """Stand in for the code generator where a function's environment is set."""
        return self

    def set_env(self, name, environment):
        """Leave the environment to the entry point: it holds the variable that points there."""


def _relabel(module, before, after):
    for function in module.functions:
        if not function.is_declaration and function.linkage.name in before:
            function.linkage = after


def _alone(library):
    """Return the module of one library, of which linking drops nothing (hence weak)."""
    part = isinstance(library, _Part)
    module = (library._final_module if part else library._get_module_for_linking()).clone()
    _relabel(module, ("external", "linkonce_odr"), "weak_odr")
    return module


def _module_of(libraries):
    """Return one module of all libraries, linked by halves: each linking walks all of one side."""
    if len(libraries) == 1:
        return _alone(libraries[0])
    half = len(libraries) // 2
    module = _module_of(libraries[:half])
    module.link_in(_module_of(libraries[half:]))
    return module


class _Whole(JITCodeLibrary):
    """A function that Python calls, with all that it needs."""

    def finalize(self):
        """Link each part once, then optimise and emit them together."""
        found = {}
        for library in self._linking_libraries:
            if isinstance(library, _Part):
                library._needed(found)
                self._reload_init.update(library._reload_init)
            else:
                found[library] = None
        self._linking_libraries = []
        if found:
            self._final_module.link_in(_module_of(list(found)))
        super().finalize()

    def _optimize_final_module(self):
        # Nobody else calls the parts, so that what is inlined everywhere need not be kept.
        _relabel(self._final_module, ("weak_odr",), "internal")
        # As numba does it, but with LLVM's second level and without its search for straight-line
        # code to vectorise (loops are): a tenth less time to compile, and a kernel as fast.
        first = {"opt": 0, "loop_vectorize": False, "slp_vectorize": False, "cost": "cheap"}
        for options in (first, {"opt": 2, "slp_vectorize": False}):
            passes, builder = self._codegen._module_pass_manager(**options)
            passes.run(self._final_module, builder)


class WholeCompiler(Compiler):
    """Compiles a function that Python calls; whatever else it needs becomes parts of it."""

    def compile_extra(self, func):
        """Compile a function for the arguments at hand."""
        code = self.state.targetctx.codegen()
        self.state.library = _Whole(code, func.__qualname__)
        self.state.library.enable_object_caching()
        with _making_parts(code):
            result = super().compile_extra(func)
        for environment in result._find_referenced_environments():
            code.set_env(environment.env_name, environment)
        return result


@contextmanager
def _making_parts(code):
    """Make parts of all functions; spare the garbage collector the millions of objects in use."""
    before, collecting = code._library_class, gc.isenabled()
    code._library_class = _Part  # safe: numba's compiler lock is held
    gc.disable()
    try:
        yield
    finally:
        code._library_class = before
        if collecting:
            gc.enable()
