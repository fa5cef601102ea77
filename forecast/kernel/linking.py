"""How the functions of the kernel become one library of machine code.

Numba optimises every function on its own and emits its machine code, then links it into each of its
callers and optimises it there again. Of the kernel only the entry points are ever called, so the
rest stay parts, which are optimised and emitted once, within an entry point. That halves the time
to compile. Of numba's internals this relies on its code libraries and on `create_library`.
"""

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

    def _alone(self):
        module = self._final_module.clone()
        for function in module.functions:
            if not function.is_declaration and function.linkage.name == "external":
                function.linkage = "linkonce_odr"
        return module

    def _get_module_for_linking(self):
        self._ensure_finalized()
        if self._shared_module is None:
            module = self._alone()
            for library in list(self._needed({}))[1:]:
                part = isinstance(library, _Part)
                other = library._alone() if part else library._get_module_for_linking()
                module.link_in(other, preserve=not part)
            self._shared_module = module
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


class WholeCompiler(Compiler):
    """Compiles a function that Python calls; whatever else it needs becomes parts of it."""

    def compile_extra(self, func):
        """Compile a function for the arguments at hand."""
        code = self.state.targetctx.codegen()
        self.state.library = JITCodeLibrary(code, func.__qualname__)
        self.state.library.enable_object_caching()
        before = code._library_class
        code._library_class = _Part  # safe: numba's compiler lock is held
        try:
            result = super().compile_extra(func)
        finally:
            code._library_class = before
        for environment in result._find_referenced_environments():
            code.set_env(environment.env_name, environment)
        return result
