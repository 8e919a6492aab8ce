package io.kerf.eval;

/**
 * Tokens that many spans begin with, computed once for all of them and kept as long as they are
 * needed.
 *
 * @param before what stands before them, kept too; null at the start
 * @param own the tokens after that
 */
record Beginning(Beginning before, Tokens own) {
  /** How many tokens stand before whatever follows; of none, 0. */
  static int length(Beginning beginning) {
    return beginning == null ? 0 : beginning.own.size() + length(beginning.before);
  }
}
