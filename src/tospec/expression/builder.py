"""From the grammar's tree to the syntax of this room."""

from collections.abc import Callable
from typing import Final, cast

from lark import Token, Tree

from tospec.expression.limits import MAX_DEPTH
from tospec.expression.literals import LiteralError, read_decimal, read_int, read_string
from tospec.expression.nodes import (
    BinaryNode,
    CallNode,
    ConditionalNode,
    ListNode,
    LiteralNode,
    LogicNode,
    MemberNode,
    NameNode,
    Syntax,
    UnaryNode,
)
from tospec.expression.nodes import Literal as Value
from tospec.expression.problems import LITERAL, TOO_DEEP, UNSUPPORTED, Problems

_OPERATORS: Final = {
    "relation_lt": "<",
    "relation_le": "<=",
    "relation_gt": ">",
    "relation_ge": ">=",
    "relation_eq": "==",
    "relation_ne": "!=",
    "relation_in": "in",
    "addition_add": "+",
    "addition_sub": "-",
    "multiplication_mul": "*",
    "multiplication_div": "/",
    "multiplication_mod": "%",
    "unary_not": "!",
    "unary_neg": "-",
}

_UNSUPPORTED: Final = {
    "member_index": "Indexing with [ ] is not supported.",
    "member_object": "Records in braces are not supported.",
    "map_lit": "Maps in braces are not supported.",
    "mapinits": "Maps in braces are not supported.",
    "fieldinits": "Records in braces are not supported.",
    "dot_ident": "A name does not start with a point.",
    "dot_ident_arg": "A name does not start with a point.",
    "UINT_LIT": "Unsigned numbers are not supported.",
    "BYTES_LIT": "Byte strings are not supported.",
    "MLSTRING_LIT": "Strings of many lines are not supported.",
}

_READERS: Final[dict[str, Callable[[str], Value]]] = {
    "INT_LIT": read_int,
    "FLOAT_LIT": read_decimal,
    "STRING_LIT": read_string,
    "BOOL_LIT": lambda text: text == "true",
    "NULL_LIT": lambda _: None,
}


class Builder:
    """Builds bottom up and without recursion, so that no input exhausts the stack."""

    def __init__(self, problems: Problems) -> None:
        self._problems = problems
        self._nodes: dict[int, Syntax] = {}
        self._depths: dict[int, int] = {}

    def build(self, tree: Tree[Token]) -> Syntax | None:
        """Return the syntax of the tree; None after an error, which is recorded."""
        for part in tree.iter_subtrees():
            if not self._visit(part):
                return None
        return self._nodes[id(tree)]

    def _visit(self, tree: Tree[Token]) -> bool:
        self._depths[id(tree)] = self._depth(tree)
        if self._depths[id(tree)] > MAX_DEPTH:
            message = f"The expression is nested more than {MAX_DEPTH} deep."
            self._refuse(TOO_DEEP, tree, message)
            return False
        if tree.data in _UNSUPPORTED:
            self._refuse(UNSUPPORTED, tree, _UNSUPPORTED[tree.data])
            return False
        if tree.data == "exprlist" or tree.data in _OPERATORS:
            return True
        node = self._node(tree)
        if node is not None:
            self._nodes[id(tree)] = node
        return node is not None

    def _depth(self, tree: Tree[Token]) -> int:
        below = max((self._depths[id(child)] for child in _subtrees(tree)), default=0)
        grows = tree.data not in {"conditionalor", "conditionaland", "exprlist", "paren_expr"}
        grows = grows and (len(tree.children) > 1 or tree.data in {"list_lit", "ident_arg"})
        return below + grows

    def _node(self, tree: Tree[Token]) -> Syntax | None:
        offset, length = _place(tree)
        children = tree.children
        if tree.data == "literal":
            return self._literal(cast("Token", children[0]), offset, length)
        if tree.data == "ident":
            return NameNode(offset, length, str(children[0]))
        if tree.data == "list_lit":
            return ListNode(offset, length, self._items(tree))
        if tree.data in {"member_dot", "member_dot_arg", "ident_arg"}:
            return self._named(tree, offset, length)
        if len(children) == 1:
            return self._nodes[id(children[0])]
        return self._compound(tree, offset, length)

    def _compound(self, tree: Tree[Token], offset: int, length: int) -> Syntax:
        parts = _subtrees(tree)
        if tree.data == "expr":
            test, then, otherwise = (self._nodes[id(part)] for part in parts)
            return ConditionalNode(offset, length, test, then, otherwise)
        if tree.data in {"conditionalor", "conditionaland"}:
            operator = "||" if tree.data == "conditionalor" else "&&"
            return LogicNode(offset, length, operator, self._flat(operator, parts))
        operator = _OPERATORS[parts[0].data]
        last = self._nodes[id(parts[1])]
        if tree.data == "unary":
            return UnaryNode(offset, length, operator, last)
        return BinaryNode(offset, length, operator, self._nodes[id(parts[0].children[0])], last)

    def _flat(self, operator: str, parts: list[Tree[Token]]) -> tuple[Syntax, ...]:
        operands: list[Syntax] = []
        for node in (self._nodes[id(part)] for part in parts):
            joined = isinstance(node, LogicNode) and node.operator == operator
            operands.extend(node.operands if joined and isinstance(node, LogicNode) else [node])
        return tuple(operands)

    def _named(self, tree: Tree[Token], offset: int, length: int) -> Syntax:
        name = next(child for child in tree.children if isinstance(child, Token))
        targets = [part for part in _subtrees(tree) if part.data != "exprlist"]
        target = self._nodes[id(targets[0])] if targets else None
        start = name.start_pos or 0
        if tree.data == "member_dot" and target is not None:
            return MemberNode(offset, length, target, str(name), start)
        return CallNode(offset, length, target, str(name), start, self._items(tree))

    def _items(self, tree: Tree[Token]) -> tuple[Syntax, ...]:
        lists = [part for part in _subtrees(tree) if part.data == "exprlist"]
        return tuple(self._nodes[id(item)] for part in lists for item in _subtrees(part))

    def _literal(self, token: Token, offset: int, length: int) -> LiteralNode | None:
        if token.type in _UNSUPPORTED:
            self._problems.add_at(UNSUPPORTED, offset, length, _UNSUPPORTED[token.type])
            return None
        try:
            return LiteralNode(offset, length, _READERS[token.type](str(token)))
        except LiteralError as error:
            self._problems.add_at(LITERAL, offset, length, str(error))
            return None

    def _refuse(self, code: str, tree: Tree[Token], message: str) -> None:
        offset, length = _place(tree)
        self._problems.add_at(code, offset, length, message)


def _subtrees(tree: Tree[Token]) -> list[Tree[Token]]:
    return [child for child in tree.children if isinstance(child, Tree)]


def _place(tree: Tree[Token]) -> tuple[int, int]:
    start, end = tree.meta.start_pos, tree.meta.end_pos
    return start, end - start
