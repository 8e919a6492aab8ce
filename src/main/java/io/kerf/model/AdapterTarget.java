package io.kerf.model;

/**
 * A linear layer that an adapter changes. Where several blocks share it, it is named by the first.
 *
 * @param block its block's index in {@link Model#blocks()}, or -1 outside the blocks
 * @param role what it does there
 */
public record AdapterTarget(int block, Role role) implements Comparable<AdapterTarget> {
  /** Forward: those of the blocks first to last, by role; those outside the blocks before them. */
  @Override
  public int compareTo(AdapterTarget other) {
    int byBlock = Integer.compare(block, other.block);
    return byBlock != 0 ? byBlock : role.compareTo(other.role);
  }
}
