package io.kerf.tensor;

import java.util.Objects;

/**
 * An integer encoding of a weight matrix: how many bits a code has, what range the codes span, and
 * which weights share a scale.
 *
 * @param bits of a code, in [2, 8]
 * @param scheme how codes map to values
 * @param granularity which weights share a scale
 * @param groupColumns how many consecutive input columns of a row share a scale, at least 1; 0
 *     unless the granularity is GROUP
 */
public record IntegerFormat(int bits, Scheme scheme, Granularity granularity, int groupColumns) {
  public IntegerFormat {
    Objects.requireNonNull(scheme, "scheme");
    Objects.requireNonNull(granularity, "granularity");
    if (bits < 2 || bits > 8) {
      throw new IllegalArgumentException("bits must be in [2, 8], was " + bits);
    }
    if (granularity == Granularity.GROUP && groupColumns < 1) {
      throw new IllegalArgumentException(
          "group must be at least 1 column, was " + groupColumns + "; usual are 32, 64 and 128");
    }
    if (granularity != Granularity.GROUP && groupColumns != 0) {
      throw new IllegalArgumentException(
          "only a format by groups has group columns, was " + groupColumns);
    }
  }

  /** How codes map to values; a value is (code - zero) x scale. */
  public enum Scheme {
    /** Signed codes, zero point 0, scale = absmax / (2^(bits-1) - 1); the lowest code is unused. */
    SYMMETRIC("sym"),
    /** Unsigned codes, zero point 2^(bits-1), scale = 2 absmax / (2^bits - 1): GPTQ's habit. */
    SYMMETRIC_FULL_RANGE("sym_fullrange"),
    /** Unsigned codes over [min(lo, 0), max(hi, 0)], the zero point a code of its own. */
    ASYMMETRIC("asym");

    private final String label;

    Scheme(String label) {
      this.label = label;
    }

    /** "sym", "sym_fullrange" or "asym". */
    public String label() {
      return label;
    }
  }

  /** Which weights share a scale. */
  public enum Granularity {
    /** All of them. */
    TENSOR,
    /** Those of one output row. */
    CHANNEL,
    /** A run of consecutive input columns of one output row; the last may be shorter. */
    GROUP
  }

  /** The smallest code: negative for signed codes. */
  public int lowestCode() {
    return scheme == Scheme.SYMMETRIC ? -(1 << bits - 1) : 0;
  }

  /** The largest code. */
  public int highestCode() {
    return lowestCode() + (1 << bits) - 1;
  }

  /** How many columns of a row of so many share a scale. */
  public int groupColumns(int columns) {
    return granularity == Granularity.GROUP ? Math.min(groupColumns, columns) : columns;
  }

  /** How many scales a matrix has. */
  public int groups(Shape matrix) {
    return granularity == Granularity.TENSOR
        ? 1
        : Math.multiplyExact(matrix.rows(), groupsPerRow(matrix.columns()));
  }

  /** How many scales a row of so many columns has; a scale for all rows counts as one. */
  public int groupsPerRow(int columns) {
    int group = groupColumns(columns);
    return columns == 0 ? 1 : (columns + group - 1) / group;
  }

  /** "int8 sym tensor", "int8 sym channel", "int4 asym group 64". */
  public String label() {
    String sharing =
        switch (granularity) {
          case TENSOR -> "tensor";
          case CHANNEL -> "channel";
          case GROUP -> "group " + groupColumns;
        };
    return "int" + bits + " " + scheme.label() + " " + sharing;
  }
}
