package io.kerf.eval;

import java.util.Arrays;
import java.util.Objects;

/** An immutable sequence of token ids, compared by value. */
public final class Tokens implements Comparable<Tokens> {
  /** No tokens. */
  public static final Tokens NONE = new Tokens(new int[0]);

  private final int[] ids;
  private final int hash;

  private Tokens(int[] ids) {
    this.ids = ids;
    this.hash = Arrays.hashCode(ids);
  }

  /** A sequence of a copy of these ids. */
  public static Tokens of(int... ids) {
    return new Tokens(ids.clone());
  }

  public int size() {
    return ids.length;
  }

  public boolean isEmpty() {
    return ids.length == 0;
  }

  /** The id at that index. */
  public int at(int index) {
    return ids[index];
  }

  /** The ids from one index up to, and without, another. */
  public Tokens slice(int from, int to) {
    Objects.checkFromToIndex(from, to, ids.length);
    return new Tokens(Arrays.copyOfRange(ids, from, to));
  }

  /** The ids from that index on. */
  public Tokens from(int index) {
    return slice(index, ids.length);
  }

  /** These ids and those after them. */
  public Tokens then(Tokens more) {
    int[] both = Arrays.copyOf(ids, ids.length + more.ids.length);
    System.arraycopy(more.ids, 0, both, ids.length, more.ids.length);
    return new Tokens(both);
  }

  /** Whether these ids begin with those. */
  public boolean startsWith(Tokens others) {
    return others.ids.length <= ids.length
        && Arrays.equals(ids, 0, others.ids.length, others.ids, 0, others.ids.length);
  }

  /** How many ids these and those have in common at their beginning. */
  public int shared(Tokens others) {
    int first = Arrays.mismatch(ids, others.ids);
    return first < 0 ? ids.length : first;
  }

  /** Whether that id occurs. */
  public boolean contains(int id) {
    return Arrays.stream(ids).anyMatch(i -> i == id);
  }

  /** A new array of the ids. */
  public int[] toArray() {
    return ids.clone();
  }

  /** Lexicographic: sequences that share a beginning stand together. */
  @Override
  public int compareTo(Tokens other) {
    return Arrays.compare(ids, other.ids);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Tokens tokens && hash == tokens.hash && Arrays.equals(ids, tokens.ids);
  }

  @Override
  public int hashCode() {
    return hash;
  }

  @Override
  public String toString() {
    return Arrays.toString(ids);
  }
}
