package io.kerf.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a checkpoint lies: "step-000120", or "step-000120.2" where that step is there already and
 * is not touched.
 *
 * @param turn counted from 1
 */
record CheckpointPlace(Path path, long steps, int turn) {
  private static final Pattern NAME = Pattern.compile("step-(\\d{6,12})(?:\\.(\\d{1,6}))?");
  private static final Comparator<CheckpointPlace> NEWEST_FIRST =
      Comparator.comparingLong(CheckpointPlace::steps)
          .thenComparingInt(CheckpointPlace::turn)
          .reversed();

  /** All in a folder, the newest first, whole or not. */
  static List<CheckpointPlace> in(Path folder) {
    List<CheckpointPlace> found = new ArrayList<>();
    for (Path path : entries(folder)) {
      Matcher name = NAME.matcher(path.getFileName().toString());
      if (name.matches()) {
        int turn = name.group(2) == null ? 1 : Integer.parseInt(name.group(2));
        found.add(new CheckpointPlace(path, Long.parseLong(name.group(1)), turn));
      }
    }
    found.sort(NEWEST_FIRST);
    return found;
  }

  /** What writers that were killed have left in a folder. */
  static List<Path> abandoned(Path folder) {
    return entries(folder).stream()
        .filter(path -> path.getFileName().toString().startsWith(".step-"))
        .toList();
  }

  /** The place of a further one, after all that there are. */
  static CheckpointPlace next(Path folder, long steps) {
    int turn =
        in(folder).stream()
            .filter(place -> place.steps == steps)
            .mapToInt(place -> place.turn + 1)
            .max()
            .orElse(1);
    String name = "step-%06d".formatted(steps) + (turn == 1 ? "" : "." + turn);
    return new CheckpointPlace(folder.resolve(name), steps, turn);
  }

  String name() {
    return path.getFileName().toString();
  }

  private static List<Path> entries(Path folder) {
    List<Path> found = new ArrayList<>();
    if (Files.notExists(folder)) {
      return found;
    }
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      entries.forEach(found::add);
      return found;
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot list " + folder + " (" + e + "): checkpoints are kept in a folder", e);
    }
  }
}
