package io.kerf.engine;

import io.kerf.model.Role;
import java.util.EnumSet;
import java.util.Set;

/**
 * How a page learns.
 *
 * @param half whether linear layers multiply in bfloat16; what is learned is float32 all the same
 * @param dropout the share of outputs that are dropped, in [0, 1)
 * @param changes what learns, and in what form
 */
record Learning(boolean half, double dropout, WeightChange changes) {
  /** The layers whose outputs are dropped: those that add to the residual stream. */
  static final Set<Role> DROPPED = EnumSet.of(Role.OUTPUT, Role.CROSS_OUTPUT, Role.DOWN);

  /** A page that is only asked: a teacher's. */
  static Learning nothing(boolean half) {
    return new Learning(half, 0, WeightChange.NONE);
  }
}
