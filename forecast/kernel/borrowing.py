"""Records passed by pointer and read without reference counting.

Numba's own structrefs count references with atomic instructions, at every call that takes one and
every read of a field; that took half of the kernel's time. The records of this kernel outlive every
function that reads them and their fields are never reassigned, so calls and reads may borrow. The
entry point that makes a record frees it with `release`.
"""

import hashlib

from numba.core import cgutils, imputils, types
from numba.core.datamodel import default_manager, models
from numba.core.typing.templates import AttributeTemplate
from numba.experimental.structref import _Utils
from numba.extending import (
    infer_getattr,
    intrinsic,
    lower_getattr_generic,
    lower_setattr_generic,
)


class Record(types.StructRef):
    """Base of the record types."""

    def preprocess_fields(self, fields):
        """Keep the types of fields general, not those of literal values."""
        return tuple((name, types.unliteral(kind)) for name, kind in fields)

    @property
    def mangling_args(self):
        """Name the type briefly in symbols: spelling out a hundred fields slows the linker."""
        digest = hashlib.sha256(self.name.encode()).hexdigest()[:12]
        return f"{type(self).__name__}_{digest}", ()


class _Borrowed(models.StructModel):
    """A bare pointer to the record's memory, which numba does not count."""

    def __init__(self, manager, kind):
        super().__init__(manager, kind, [("meminfo", types.voidptr)])


def _define_reading(record):
    @infer_getattr
    class Fields(AttributeTemplate):
        key = record

        def generic_resolve(self, kind, name):
            return kind.field_dict.get(name)

    @lower_getattr_generic(record)
    def read(context, builder, kind, value, name):
        data = _Utils(context, builder, kind).get_data_struct(value)
        found = getattr(data, name)
        field = kind.field_dict[name]
        if not isinstance(field, types.Array):
            return imputils.impl_ret_borrowed(context, builder, field, found)
        array = context.make_array(field)(context, builder, value=found)
        array.meminfo = cgutils.get_null_value(array.meminfo.type)
        return array._getvalue()


def _define_writing(record):
    @lower_setattr_generic(record)
    def write(context, builder, signature, arguments, name):
        kind, given = signature.args
        data = _Utils(context, builder, kind).get_data_struct(arguments[0])
        value = context.cast(builder, arguments[1], given, kind.field_dict[name])
        context.nrt.incref(builder, given, value)
        setattr(data, name, value)


def borrowing(record):
    """Register a record type: fields are set once, at its making, and then only read."""
    default_manager.register(record, _Borrowed)
    _define_reading(record)
    _define_writing(record)
    return record


@intrinsic
def release(typing_context, record):
    """Free a record and let go of the arrays in it; nothing may read it afterwards."""

    def free(context, builder, signature, arguments):
        meminfo = cgutils.create_struct_proxy(signature.args[0])(
            context, builder, value=arguments[0]
        ).meminfo
        kind = cgutils.ir.FunctionType(cgutils.ir.VoidType(), [cgutils.voidptr_t])
        function = cgutils.get_or_insert_function(builder.module, kind, "NRT_decref")
        builder.call(function, [meminfo])
        return context.get_dummy_value()

    return types.void(record), free
