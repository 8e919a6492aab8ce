package io.kerf.rows;

import io.kerf.json.Json;
import io.kerf.progress.ProgressListener;
import io.kerf.source.Hub;
import io.kerf.source.HubDataset;
import io.kerf.source.HubFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Files of rows: one file, or those of one split of a folder or of a data set on the Hugging Face
 * hub.
 *
 * <pre>{@code
 * Rows rows = DataSet.of(Path.of("questions.parquet")).read();
 * Rows some = DataSet.in(Path.of("mmlu"), "anatomy", "test").read(all().columns("question", "A", "B", "C", "D", "answer"));
 * DataSet.ofHub(HubDataset.of("allenai/ai2_arc"), "ARC-Easy", "validation", listener).forEach(all(), row -> ...);
 * }</pre>
 *
 * @param origin where they come from, in words
 */
public record DataSet(List<Path> files, String origin) {
  private static final long MAX_HELD_BYTES = 1L << 30;

  public DataSet {
    files = List.copyOf(files);
    if (files.isEmpty()) {
      throw new IllegalArgumentException("a data set has at least one file, had none");
    }
  }

  /**
   * A file of rows.
   *
   * @throws RowsException if there is none, or it is of no known kind
   */
  public static DataSet of(Path file) {
    if (Files.isDirectory(file)) {
      throw new RowsException(
          file
              + " is a folder; name the split that is meant: DataSet.in(folder, \"\", \"validation\")");
    }
    if (!Files.isRegularFile(file)) {
      throw new RowsException("there is no file " + file + " to read rows of");
    }
    return new DataSet(List.of(file), file.toString());
  }

  /** Whether a file's name says that it holds rows. */
  public static boolean hasRows(Path file) {
    return RowKind.of(String.valueOf(file.getFileName())).isPresent();
  }

  /**
   * One split of a folder that is laid out as data sets on the hub are; see {@link SplitFiles}.
   *
   * @param configuration blank for the only one, or the one named "default"
   * @param split "train", "validation", "test" or as the folder names it
   * @throws RowsException if the folder holds no rows or a split is not whole
   * @throws io.kerf.name.UnknownNameException if there is no such configuration or split
   */
  public static DataSet in(Path folder, String configuration, String split) {
    List<String> names = new SplitFiles(folder.toString(), configuration, split).in(folder);
    return new DataSet(
        names.stream().map(folder::resolve).toList(),
        folder + (configuration.isBlank() ? "" : ", " + configuration) + ", split " + split);
  }

  /**
   * One split of a data set on the Hugging Face hub, downloaded if it is not here yet; see {@link
   * SplitFiles}. Of a data set that is a script, which is never run, or has no files of rows, those
   * are read that the hub made of it.
   *
   * @param configuration blank for the only one, or the one that is the default
   * @param split "train", "validation", "test" or as the data set names it
   * @param listener shown the download
   * @throws io.kerf.source.FetchException if it cannot be had
   * @throws io.kerf.name.UnknownNameException if there is no such configuration or split
   */
  public static DataSet ofHub(
      HubDataset name, String configuration, String split, ProgressListener listener) {
    return ofHub(Hub.ofUser(), name, configuration, split, listener);
  }

  static DataSet ofHub(
      Hub hub, HubDataset name, String configuration, String split, ProgressListener listener) {
    SplitFiles wanted = new SplitFiles(name.text(), configuration, split);
    String script = name.repository().replaceFirst(".*/", "") + ".py";
    HubFiles found =
        hub.fetch(
            name,
            (held, document) ->
                wanted
                    .byReadme(held, document)
                    .orElseGet(() -> held.contains(script) ? List.of() : wanted.byName(held)),
            listener);
    if (found.files().isEmpty() && name.isMain()) {
      HubDataset converted = name.converted();
      SplitFiles there = new SplitFiles(converted.text(), configuration, split);
      found = hub.fetch(converted, (held, document) -> there.byName(held), listener);
    }
    if (found.files().isEmpty()) {
      throw new RowsException(
          name.text()
              + " holds no file of rows, or only a script, which is not run; the revision "
              + HubDataset.CONVERTED
              + " may have them");
    }
    return new DataSet(
        found.files(),
        found.origin()
            + (configuration.isBlank() ? "" : ", configuration " + configuration)
            + ", split "
            + split);
  }

  /** Reads all rows. */
  public Rows read() {
    return read(Reading.all());
  }

  /**
   * Reads rows and holds them in memory.
   *
   * @throws io.kerf.file.BadFileException if a file is damaged, or the rows take more than 1 GiB
   */
  public Rows read(Reading reading) {
    List<Json> rows = new ArrayList<>();
    long held = 0;
    try (RowIterator all = iterator(reading)) {
      while (all.hasNext()) {
        held += all.nextBytes();
        if (held > MAX_HELD_BYTES) {
          throw new RowsException(
              origin
                  + " has rows of more than "
                  + MAX_HELD_BYTES
                  + " bytes, "
                  + rows.size()
                  + " rows so far; read the first of them (Reading.first) or one by one"
                  + " (DataSet.forEach)");
        }
        rows.add(all.next());
      }
      return new Rows(rows, all.files());
    }
  }

  /**
   * Hands over the rows one by one; none is held.
   *
   * @return the files that were read
   */
  public List<DataFile> forEach(Reading reading, Consumer<Json> consumer) {
    try (RowIterator all = iterator(reading)) {
      all.forEachRemaining(consumer);
      return all.files();
    }
  }

  /** The rows one by one; none is held but the next. */
  public RowIterator iterator(Reading reading) {
    return new RowIterator(files, reading);
  }
}
