"""The compiler: from text to functions in memory, by way of objects that a cache keeps."""

import base64
import ctypes
import sys
from ctypes.util import find_library
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from symacts.cache import Cache, code_fingerprint
from symacts.numeric.llvm import pool
from symacts.numeric.llvm.layout import Machine
from symacts.numeric.llvm.primitives.trigonometric import LIBRARY

__all__ = ["host", "is_available", "load", "signature"]

# Engines own the memory of machine code and live as long as the process: ufuncs may be anywhere,
# and threads of the pool may still be at work when it ends.
_engines: list[Any] = []
# What keeps floating-point flags where the processor has no instruction that LLVM knows.
_ENVIRONMENT = ("fegetenv", "fesetenv")


@cache
def is_available() -> bool:
    """Tell whether llvmlite is there, and the processor is one that kernels are written for."""
    if find_spec("llvmlite") is None:
        return False
    try:
        with pool.compiling:
            if host().is_x86:
                return bool(_features().get("fma"))
            return all(hasattr(_library(), name) for name in _ENVIRONMENT)
    except (ImportError, OSError, RuntimeError):
        return False


@cache
def host() -> Machine:
    """Return what kernels must know about this machine."""
    features = _features()
    widths = {"avx512f": 512, "avx": 256}
    wide = next((bits for name, bits in widths.items() if features.get(name)), 128)
    return Machine(wide, is_x86="x86" in _triple() or "amd64" in _triple().lower())


def signature() -> tuple[str, ...]:
    """Return everything but the text that an object depends on."""
    import llvmlite.binding as llvm

    target = _target_machine()
    version = ".".join(map(str, llvm.llvm_version_info))
    return (
        target.triple,
        llvm.get_host_cpu_name(),
        llvm.get_host_cpu_features().flatten(),
        version,
        code_fingerprint("numeric/llvm"),
    )


def load(text: str, names: tuple[str, ...], folder: Path | None) -> dict[str, int]:
    """Return the addresses of functions in a module, compiled or from the objects in a folder."""
    with pool.compiling:
        found = Cache(folder).remember(
            "machine-code", (text, *signature()), lambda: _encode(_compile(text))
        )
        return _place(base64.b64decode(found), names)


def _encode(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _compile(text: str) -> bytes:
    import llvmlite.binding as llvm

    target = _target_machine()
    module = llvm.parse_assembly(text)
    module.triple = target.triple
    module.data_layout = str(target.target_data)
    return bytes(target.emit_object(module))


def _place(data: bytes, names: tuple[str, ...]) -> dict[str, int]:
    """Put an object into memory."""
    import llvmlite.binding as llvm

    _register()
    engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), _target_machine())
    engine.add_object_file(llvm.ObjectFileRef.from_data(data))
    engine.finalize_object()
    _engines.append(engine)
    return {name: engine.get_function_address(name) for name in names}


@cache
def _register() -> None:
    """Tell the linker what machine code calls from outside."""
    import llvmlite.binding as llvm

    library = _library()
    for name in (*LIBRARY, *_ENVIRONMENT):
        function = getattr(library, name, None)
        if function is not None:
            llvm.add_symbol(name, ctypes.cast(function, ctypes.c_void_p).value)
    llvm.add_symbol("symacts_parallel", pool.address())


@cache
def _library() -> ctypes.CDLL:
    """Return the mathematical library of the system, which Python itself has loaded as a rule."""
    if sys.platform == "win32":
        return ctypes.CDLL("ucrtbase")
    loaded = ctypes.CDLL(None)
    return loaded if hasattr(loaded, "sin") else ctypes.CDLL(find_library("m"))


@cache
def _target_machine() -> Any:
    import llvmlite.binding as llvm

    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    return llvm.Target.from_triple(_triple()).create_target_machine(
        cpu=llvm.get_host_cpu_name(),
        features=llvm.get_host_cpu_features().flatten(),
        opt=3,
        jit=True,
    )


@cache
def _features() -> dict[str, bool]:
    import llvmlite.binding as llvm

    return dict(llvm.get_host_cpu_features())


@cache
def _triple() -> str:
    import llvmlite.binding as llvm

    triple = str(llvm.get_process_triple())
    # The linker in memory reads ELF everywhere, but COFF only in part.
    return f"{triple}-elf" if sys.platform == "win32" else triple
