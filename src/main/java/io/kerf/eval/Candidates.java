package io.kerf.eval;

import java.util.BitSet;
import java.util.Objects;

/**
 * The tokens among which an object is ranked. A score depends on them, so they have a name and a
 * size that the result carries.
 */
public final class Candidates {
  private final String name;
  private final BitSet ids;

  private Candidates(String name, BitSet ids) {
    this.name = Objects.requireNonNull(name, "name");
    this.ids = ids;
  }

  /** Every entry of a vocabulary, special tokens and word pieces included. */
  public static Candidates full(int vocabularySize) {
    BitSet all = new BitSet(vocabularySize);
    all.set(0, vocabularySize);
    return new Candidates("full", all);
  }

  /** These tokens under that name; one given twice counts once. */
  public static Candidates of(String name, int... ids) {
    BitSet some = new BitSet();
    for (int id : ids) {
      some.set(id);
    }
    return new Candidates(name, some);
  }

  public String name() {
    return name;
  }

  /** How many tokens. */
  public int size() {
    return ids.cardinality();
  }

  public boolean contains(int id) {
    return ids.get(id);
  }

  /** The ids, ascending. */
  public int[] toArray() {
    return ids.stream().toArray();
  }

  /** "common_vocab_cased (21018)". */
  @Override
  public String toString() {
    return name + " (" + size() + ")";
  }
}
