"""From syntax to typed expressions."""

from dataclasses import replace

from tospec.diagnostics import Diagnostic
from tospec.expression import arithmetic, operators
from tospec.expression.calls import Calls
from tospec.expression.context import Context, Place, unknown
from tospec.expression.literals import LiteralError
from tospec.expression.names import member_of, named
from tospec.expression.narrowing import facts_of, proven
from tospec.expression.nodes import (
    BinaryNode,
    CallNode,
    ConditionalNode,
    Expression,
    ListNode,
    LiteralNode,
    LogicNode,
    MemberNode,
    NameNode,
    Syntax,
    UnaryNode,
)
from tospec.expression.problems import LITERAL, NULLABLE, RESULT, TYPES, Problems
from tospec.expression.scope import Scope
from tospec.expression.typed import And, Conditional, Items, Not, Or, Root, Typed, TypedExpression
from tospec.expression.types import (
    BOOL,
    UNKNOWN,
    Kind,
    Type,
    assignable,
    joined,
    list_of,
    uuid,
)


def check(
    expression: Expression, scope: Scope, expected: Type
) -> TypedExpression | list[Diagnostic]:
    """Return the expression with types, or all that is wrong with it.

    Args:
        expression: What `parse` returned.
        scope: What the expression may name.
        expected: Type that the place wants; an entity stands for the id of one of its rows, and
            a relation to many for the path of one.
    """
    problems = Problems(expression.span)
    checker = Checker(Context(expression.text, scope, problems))
    root = checker.whole(expression.root, expected)
    return problems.all() or TypedExpression(expression.text, expression.span, root)


class Checker:
    """Gives each part its type and records what is wrong."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._calls = Calls(context, self.visit)

    def whole(self, node: Syntax, expected: Type) -> Typed:
        """Return the typed form of a whole expression of type `expected`."""
        scope = self._context.scope
        rows = () if scope.row is None else (Root(scope.row_variable, scope.row, 0),)
        typed = self.visit(node, Place(rows, facts_of(scope)), expected)
        if expected.kind is not Kind.MANY:
            typed = self._context.as_value(typed)
        self._require_result(typed, expected)
        return typed

    def _require_result(self, typed: Typed, expected: Type) -> None:
        if expected.kind is Kind.ENTITY:
            expected = replace(uuid(expected.name), nullable=expected.nullable)
        if assignable(typed.type, expected):
            return
        if assignable(typed.type.required(), expected) and typed.type.kind is not Kind.NULL:
            message = f"This may be null, but {expected} is wanted."
            help_ = "Give a value for the null case."
            if typed.type.kind is Kind.BOOL:
                help_ = f"Write {self._context.source(typed)} == true."
            self._context.error(NULLABLE, typed, message, help_)
            return
        self._context.error(RESULT, typed, f"This is {typed.type}, but {expected} is wanted.")

    def visit(self, node: Syntax, place: Place, hint: Type = UNKNOWN) -> Typed:
        """Return the typed form of a part.

        Args:
            node: The part.
            place: What is known where it stands.
            hint: Type of what it will be compared with, which tells what a text or a list means.
        """
        match node:
            case LiteralNode():
                return self._literal(node, hint)
            case ListNode():
                return self._list(node, place, hint)
            case NameNode():
                return named(self._context, node, place)
            case MemberNode():
                target = self.visit(node.target, place)
                return member_of(self._context, node, target, place)
            case CallNode():
                return self._calls.visit(node, place)
            case _:
                return self._operation(node, place, hint)

    def _operation(
        self,
        node: UnaryNode | LogicNode | BinaryNode | ConditionalNode,
        place: Place,
        hint: Type,
    ) -> Typed:
        match node:
            case UnaryNode(operator="!"):
                operand = self._bool(node.operand, place)
                return Not(node.offset, node.length, BOOL, operand)
            case UnaryNode():
                operand = self._context.as_value(self.visit(node.operand, place))
                return arithmetic.negate(self._context, node, operand)
            case LogicNode():
                return self._logic(node, place)
            case BinaryNode():
                return self._binary(node, place)
            case ConditionalNode():
                return self._conditional(node, place, hint)

    def _literal(self, node: LiteralNode, hint: Type) -> Typed:
        try:
            return operators.constant(self._context, node, hint)
        except LiteralError as error:
            return self._context.error(LITERAL, node, str(error))

    def _list(self, node: ListNode, place: Place, hint: Type) -> Typed:
        wanted = hint.item if hint.kind is Kind.LIST and hint.item else UNKNOWN
        items = tuple(self._item(item, place, wanted) for item in node.items)
        type_ = UNKNOWN if items else wanted
        for item in items:
            common = joined(type_, item.type)
            if common is None:
                message = f"This is {item.type}, but the list has {type_}."
                self._context.error(TYPES, item, message)
                common = type_
            type_ = common
        return Items(node.offset, node.length, list_of(type_.required()), items)

    def _item(self, node: Syntax, place: Place, wanted: Type) -> Typed:
        item = self._context.as_value(self.visit(node, place, wanted))
        return item if self._context.needs_value(item) else unknown(node)

    def _bool(self, node: Syntax, place: Place) -> Typed:
        return operators.require_bool(self._context, self.visit(node, place))

    def _logic(self, node: LogicNode, place: Place) -> Typed:
        is_and = node.operator == "&&"
        operands: list[Typed] = []
        for operand in node.operands:
            typed = self._bool(operand, place)
            place = place.knowing(proven(typed, outcome=is_and))
            operands.append(typed)
        kind = And if is_and else Or
        return kind(node.offset, node.length, BOOL, tuple(operands))

    def _binary(self, node: BinaryNode, place: Place) -> Typed:
        if node.operator == "in":
            return self._membership(node, place)
        left, right = self._operands(node, place)
        if node.operator in operators.COMPARISONS:
            return operators.compare(self._context, node, left, right)
        return arithmetic.arithmetic(self._context, node, left, right)

    def _operands(self, node: BinaryNode, place: Place) -> tuple[Typed, Typed]:
        value = self._context.as_value
        is_choice = isinstance(node.left, ConditionalNode)
        if isinstance(node.left, LiteralNode) or (
            is_choice and not isinstance(node.right, LiteralNode)
        ):
            right = value(self.visit(node.right, place))
            return value(self.visit(node.left, place, right.type)), right
        left = value(self.visit(node.left, place))
        return left, value(self.visit(node.right, place, left.type))

    def _membership(self, node: BinaryNode, place: Place) -> Typed:
        value = self._context.as_value
        if isinstance(node.left, LiteralNode):
            options = value(self.visit(node.right, place))
            item = value(self.visit(node.left, place, options.type.item or UNKNOWN))
        else:
            item = value(self.visit(node.left, place))
            options = value(self.visit(node.right, place, list_of(item.type.required())))
        return operators.membership(self._context, node, item, options)

    def _conditional(self, node: ConditionalNode, place: Place, hint: Type) -> Typed:
        test = self._bool(node.test, place)
        yes = place.knowing(proven(test, outcome=True))
        no = place.knowing(proven(test, outcome=False))
        if isinstance(node.then, LiteralNode):
            otherwise, then = self._pair((node.otherwise, no), (node.then, yes), hint)
        else:
            then, otherwise = self._pair((node.then, yes), (node.otherwise, no), hint)
        type_ = joined(then.type, otherwise.type)
        if type_ is None:
            message = f"One branch is {then.type}, the other {otherwise.type}."
            return self._context.error(TYPES, node, message, "Both must have the same type.")
        return Conditional(node.offset, node.length, type_, test, then, otherwise)

    def _pair(
        self, first: tuple[Syntax, Place], second: tuple[Syntax, Place], hint: Type
    ) -> tuple[Typed, Typed]:
        """Return two values; the first hints at the type of the second when nothing else does."""
        one = self._context.as_value(self.visit(*first, hint))
        wanted = one.type if hint.kind is Kind.UNKNOWN else hint
        return one, self._context.as_value(self.visit(*second, wanted))
