package io.kerf.template;

import java.util.List;

/** A piece of a template. */
sealed interface Piece {
  record Text(String text) implements Piece {}

  /** {@code {{ value }}}. */
  record Output(Expression value) implements Piece {}

  /** {@code {% if %}} with what stands behind each condition. */
  record If(List<Branch> branches) implements Piece {}

  /**
   * What stands behind a condition.
   *
   * @param condition null for else
   */
  record Branch(Expression condition, List<Piece> body) {}

  /**
   * {@code {% for targets in items if filter %}}.
   *
   * @param filter null where every item counts
   * @param otherwise what stands there if there are none
   */
  record For(
      List<String> targets,
      Expression items,
      Expression filter,
      List<Piece> body,
      List<Piece> otherwise)
      implements Piece {}

  /** {@code {% set targets = value %}}; a target may be an attribute of a namespace. */
  record Assign(List<String> targets, Expression value) implements Piece {}

  /** {@code {% set target %}...{% endset %}}. */
  record Capture(String target, List<Piece> body) implements Piece {}
}
