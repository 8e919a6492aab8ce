package io.kerf.rows.parquet;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A field of a file's rows: a value, a structure of fields, or a list.
 *
 * <p>How much of a nested value is there is told by two numbers that stand beside each leaf's
 * values. A leaf's definition level counts those of its optional and repeated fields, from the
 * outermost, that are there; its repetition level names the list that goes on, 0 for a new row.
 *
 * @param kind what it is
 * @param optional whether it may be null
 * @param definition the level from which on it is there
 * @param repetition how many lists it is in, itself among them if it is one
 * @param type of a leaf; null for others
 * @param fields of a structure; for a list, its element alone
 * @param firstLeaf the index of its first leaf in the file's columns
 * @param leaves how many it has
 */
record Field(
    String name,
    Kind kind,
    boolean optional,
    int definition,
    int repetition,
    LeafType type,
    List<Field> fields,
    int firstLeaf,
    int leaves) {
  enum Kind {
    LEAF,
    STRUCT,
    LIST
  }

  private static final int MAX_DEPTH = 40; // rows become JSON, which is read up to 64 deep

  /**
   * Reads a schema.
   *
   * @param elements the tree's nodes, each before its children
   * @param where how errors name the file
   * @return the root: a structure
   */
  static Field read(List<Thrift> elements, String where) {
    Reader reader = new Reader(elements, where);
    if (elements.isEmpty()) {
      throw new ParquetException(where + " has no schema");
    }
    Field root = reader.struct("", elements.get(0), false, 0, 0, 0);
    if (reader.at != elements.size() || root.leaves() == 0) {
      throw new ParquetException(
          where
              + " has a schema of "
              + elements.size()
              + " elements, of which the root reaches "
              + reader.at);
    }
    return root;
  }

  /** The leaves in the order of the file's columns. */
  List<Field> allLeaves() {
    List<Field> all = new ArrayList<>();
    collect(all);
    return all;
  }

  private void collect(List<Field> all) {
    if (kind == Kind.LEAF) {
      all.add(this);
    }
    fields.forEach(field -> field.collect(all));
  }

  private static final class Reader {
    private final List<Thrift> elements;
    private final String where;
    private int at = 1; // the next element; the root is read
    private int leaf;

    Reader(List<Thrift> elements, String where) {
      this.elements = elements;
      this.where = where;
    }

    private Thrift next() {
      if (at == elements.size()) {
        throw new ParquetException(where + " has a schema that lacks children");
      }
      return elements.get(at++);
    }

    /** An element with all below it. */
    Field element(int definition, int repetition, int depth) {
      if (depth > MAX_DEPTH) {
        throw new ParquetException(where + " has fields that nest deeper than " + MAX_DEPTH);
      }
      Thrift element = next();
      String name = element.text(4, "name");
      long repeats = element.number(3, "repetition_type"); // 0 required, 1 optional, 2 repeated
      if (repeats < 0 || repeats > 2) {
        throw new ParquetException(
            where + ": repetition_type of " + name + " must be 0, 1 or 2, was " + repeats);
      }
      if (repeats == 2) { // a list without a name of its own: elements are never null
        Field inner = body(name, element, false, definition + 1, repetition + 1, depth);
        return list(name, false, definition, repetition + 1, inner);
      }
      boolean optional = repeats == 1;
      return body(name, element, optional, definition + (optional ? 1 : 0), repetition, depth);
    }

    private Field body(
        String name, Thrift element, boolean optional, int definition, int repetition, int depth) {
      if (children(element) == 0) {
        LeafType type = LeafType.of(element, where + ": field " + name);
        return new Field(
            name, Kind.LEAF, optional, definition, repetition, type, List.of(), leaf++, 1);
      }
      boolean one = children(element) == 1 && at < elements.size();
      return one && isList(element) && isRepeated(elements.get(at))
          ? annotated(name, optional, definition, repetition, depth)
          : struct(name, element, optional, definition, repetition, depth);
    }

    /** A field that is said to be a list or map: what is repeated in it stands one level below. */
    private Field annotated(
        String name, boolean optional, int definition, int repetition, int depth) {
      Thrift repeated = next();
      String inner = repeated.text(4, "name");
      boolean wrapped = // and wraps the element, but for the spellings of old writers
          children(repeated) == 1 && !inner.equals("array") && !inner.equals(name + "_tuple");
      Field element =
          wrapped
              ? element(definition + 1, repetition + 1, depth + 1)
              : body(inner, repeated, false, definition + 1, repetition + 1, depth + 1);
      return list(name, optional, definition, repetition + 1, element);
    }

    private static Field list(
        String name, boolean optional, int definition, int repetition, Field element) {
      return new Field(
          name,
          Kind.LIST,
          optional,
          definition,
          repetition,
          null,
          List.of(element),
          element.firstLeaf,
          element.leaves);
    }

    Field struct(
        String name, Thrift element, boolean optional, int definition, int repetition, int depth) {
      int first = leaf;
      List<Field> fields = new ArrayList<>();
      Set<String> names = new HashSet<>();
      for (int i = children(element); i > 0; i--) {
        Field field = element(definition, repetition, depth + 1);
        if (!names.add(field.name())) {
          throw new ParquetException(where + " has two fields named " + field.name());
        }
        fields.add(field);
      }
      return new Field(
          name, Kind.STRUCT, optional, definition, repetition, null, fields, first, leaf - first);
    }

    private int children(Thrift element) {
      return element.has(5) ? element.count(5, "num_children") : 0;
    }

    private static boolean isRepeated(Thrift element) {
      return element.number(3, "repetition_type") == 2;
    }

    /** LIST, or MAP, which is a list of keys and values. */
    private static boolean isList(Thrift element) {
      long converted = element.optionalNumber(6, "converted_type").orElse(-1L);
      boolean logical =
          element.optionalStruct(10, "logicalType").filter(t -> t.has(2) || t.has(3)).isPresent();
      return logical || converted >= 1 && converted <= 3;
    }
  }
}
