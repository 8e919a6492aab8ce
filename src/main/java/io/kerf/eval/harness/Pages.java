package io.kerf.eval.harness;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The articles of a WikiText file: each begins at a heading of the first level. */
final class Pages {
  private Pages() {}

  /** A row for each article, its text in the column "page". */
  static List<Row> of(Path file) {
    List<Row> rows = new ArrayList<>();
    StringBuilder page = new StringBuilder();
    int line = 0;
    int start = 1;
    for (String text : RowFile.text(file).split("\n", -1)) {
      line++;
      if (isTitle(text)) {
        add(rows, page, file, start);
        page.setLength(0);
        start = line;
      }
      page.append(page.length() == 0 && line == start ? "" : "\n").append(text);
    }
    add(rows, page, file, start);
    return rows;
  }

  private static void add(List<Row> rows, StringBuilder page, Path file, int line) {
    if (!page.toString().isBlank()) {
      rows.add(new Row(Map.of("page", page.toString()), file.getFileName() + ":" + line));
    }
  }

  /** {@code = Title =}, and not {@code = = Section = =}. */
  private static boolean isTitle(String line) {
    String folded = line.replace("= = =", "===").replace("= =", "==").strip();
    return folded.startsWith("= ") && folded.endsWith(" =");
  }
}
