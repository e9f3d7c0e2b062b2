"""Headers of modules about operations."""

from tospec.ir.operations import Operation
from tospec.python import sentence


def operation_header(operation: Operation) -> str:
    """Return what an operation's module says about itself."""
    if not operation.requirements:
        return operation.about
    served = ", ".join(operation.requirements)
    return sentence(f"{operation.about.removesuffix('.')} ({served})")
