package io.kerf.format;

import io.kerf.tensor.StoredTensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The tensors of a weight file by name: no name twice, no byte in two tensors. */
final class TensorTable {
  private final String file;
  private final Map<String, TensorEntry> entries = new LinkedHashMap<>();

  TensorTable(String file) {
    this.file = file;
  }

  void add(TensorEntry entry) {
    if (entries.put(entry.tensor(), entry) != null) {
      throw new FormatException(
          file + ": tensor '" + entry.tensor() + "' appears twice; " + FileRegion.DAMAGED);
    }
  }

  /** The entries in the order of their bytes, once no two overlap. */
  List<TensorEntry> inByteOrder() {
    List<TensorEntry> sorted = new ArrayList<>(entries.values());
    sorted.sort(
        Comparator.<TensorEntry, Path>comparing(e -> e.region().file())
            .thenComparingLong(e -> e.region().offset())
            .thenComparingLong(e -> e.region().length()));
    for (int i = 1; i < sorted.size(); i++) {
      FileRegion before = sorted.get(i - 1).region();
      FileRegion region = sorted.get(i).region();
      if (before.file().equals(region.file())
          && before.offset() + before.length() > region.offset()) {
        throw new FormatException(
            "%s: tensor '%s' begins at byte %d of the file, inside tensor '%s'; %s"
                .formatted(
                    file,
                    sorted.get(i).tensor(),
                    region.offset(),
                    sorted.get(i - 1).tensor(),
                    FileRegion.DAMAGED));
      }
    }
    return sorted;
  }

  Set<String> names() {
    return Collections.unmodifiableSet(entries.keySet());
  }

  StoredTensor tensor(String name) {
    TensorEntry entry = entries.get(name);
    if (entry == null) {
      throw absent(file, name, names());
    }
    return entry.map();
  }

  static FormatException absent(String file, String name, Set<String> names) {
    String first = String.join(", ", names.stream().limit(5).toList());
    return new FormatException(
        "%s has no tensor '%s'; it has %d: %s%s"
            .formatted(file, name, names.size(), first, names.size() > 5 ? ", ..." : ""));
  }
}
