package io.kerf.template;

import java.util.List;
import java.util.Map;

/** An expression of a template. */
sealed interface Expression {
  /** A number, a string, a boolean or None. */
  record Literal(Object value) implements Expression {}

  record Name(String name) implements Expression {}

  /** {@code base.name}. */
  record Attribute(Expression base, String name) implements Expression {}

  /** {@code base[key]}. */
  record Item(Expression base, Expression key) implements Expression {}

  /** {@code base[from:to:step]}; each of the three may be null. */
  record Slice(Expression base, Expression from, Expression to, Expression step)
      implements Expression {}

  /** {@code base.method(...)}. */
  record Method(Expression base, String method, Arguments arguments) implements Expression {}

  /** {@code function(...)}. */
  record Function(String name, Arguments arguments) implements Expression {}

  /** {@code input|filter(...)}. */
  record Filter(Expression input, String name, Arguments arguments) implements Expression {}

  /** {@code input is test(...)}. */
  record Test(Expression input, String name, Arguments arguments, boolean negated)
      implements Expression {}

  record Negative(Expression of) implements Expression {}

  record Not(Expression of) implements Expression {}

  /** Two operands and "+", "and", "not in" and so on between them. */
  record Binary(String operator, Expression left, Expression right) implements Expression {}

  /** {@code then if condition else otherwise}; the last may be null. */
  record Choice(Expression condition, Expression then, Expression otherwise)
      implements Expression {}

  record Listing(List<Expression> items, boolean tuple) implements Expression {}

  record Mapping(Map<Expression, Expression> items) implements Expression {}

  /** What stands between the parentheses of a call. */
  record Arguments(List<Expression> positional, Map<String, Expression> named) {
    static final Arguments NONE = new Arguments(List.of(), Map.of());
  }
}
