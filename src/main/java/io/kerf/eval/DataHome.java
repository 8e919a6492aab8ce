package io.kerf.eval;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The folders where evaluation data may lie, in the order in which they are looked through.
 *
 * <p>Inside each the layout is the same: {@code lama/}, {@code harness/}, {@code wikitext2/}, and
 * the project's own {@code facts/} and {@code questions/}.
 */
public record DataHome(List<Path> folders) {
  /** System property that names a folder of data. */
  public static final String PROPERTY = "kerf.data";

  /** Environment variable that names a folder of data. */
  public static final String VARIABLE = "KERF_DATA";

  public DataHome {
    folders = List.copyOf(folders);
  }

  /** Those folders and no others. */
  public static DataHome of(Path... folders) {
    return new DataHome(List.of(folders));
  }

  /** The usual places as seen from the working directory. */
  public static DataHome usual() {
    return usual(Path.of("").toAbsolutePath());
  }

  /**
   * The folder of {@value #PROPERTY}, that of {@value #VARIABLE}, {@code shared/data} beside the
   * project, and the project's own {@code datasets}; the project is looked for from a directory
   * upwards, since notebooks run in a folder of their own.
   */
  public static DataHome usual(Path directory) {
    List<Path> folders = new ArrayList<>();
    for (String named : new String[] {System.getProperty(PROPERTY), System.getenv(VARIABLE)}) {
      if (named != null && !named.isBlank()) {
        folders.add(Path.of(named));
      }
    }
    Path project = directory.toAbsolutePath().normalize();
    while (project != null && !Files.isDirectory(project.resolve("datasets"))) {
      project = project.getParent();
    }
    if (project == null) {
      project = directory.toAbsolutePath().normalize();
    }
    folders.add(project.resolveSibling("shared").resolve("data"));
    folders.add(project.resolve("datasets"));
    return new DataHome(folders);
  }

  /** This home with a folder that is looked into first. */
  public DataHome first(Path folder) {
    List<Path> longer = new ArrayList<>(List.of(folder));
    longer.addAll(folders);
    return new DataHome(longer);
  }

  /** The first file or folder of that relative path, if any folder has it. */
  public Optional<Path> find(String relative) {
    return folders.stream().map(f -> f.resolve(relative)).filter(Files::exists).findFirst();
  }

  /**
   * As {@link #find}, or an error that says where it was looked for.
   *
   * @param wayOut what the user may do instead, a sentence without its full stop
   * @throws MissingDataException if no folder has it
   */
  public Path require(String relative, String wayOut) {
    return find(relative)
        .orElseThrow(
            () ->
                new MissingDataException(
                    "cannot find "
                        + relative
                        + ": looked in "
                        + folders.stream().map(Path::toString).collect(Collectors.joining(", "))
                        + "; name the folder that holds it by -D"
                        + PROPERTY
                        + "=FOLDER or "
                        + VARIABLE
                        + ", or "
                        + wayOut));
  }
}
