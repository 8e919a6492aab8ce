package io.kerf.train.corpus;

import io.kerf.model.Model;
import io.kerf.progress.Progress;
import io.kerf.progress.ProgressListener;
import io.kerf.rows.DataSet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Text to learn from, wherever it lies: files of plain text in UTF-8, and files of rows with a
 * column of text.
 *
 * <pre>{@code
 * Corpus.of(Path.of("wiki.valid.tokens"))                          // one document
 * Corpus.of(Path.of("articles")).lines()                           // a folder; each line is a document
 * Corpus.of(Path.of("reviews.parquet")).column("review").first(10_000)
 * }</pre>
 *
 * <p>A long document is tokenised in parts, which are cut at a line's end, else at a space, else
 * between characters, where what stands on either side has the same tokens with the cut as without:
 * its tokens are those of the whole.
 *
 * <p>Documents are: a file of plain text as a whole, or each of its lines; each row of a file of
 * rows. Those without text, or of nothing but spaces, do not count. Nothing is read yet, and memory
 * never grows with the text but with its longest row.
 *
 * @param label what it is called in tables and errors
 * @param files in the order in which they are read
 * @param column of rows, in which the text is
 * @param byLine whether the lines of plain text are documents, without their ends
 * @param first how many documents are read at most
 */
public record Corpus(String label, List<Path> files, String column, boolean byLine, long first) {
  private static final String USUAL_COLUMN = "text";

  public Corpus {
    files = List.copyOf(files);
    if (column.isEmpty() || first < 1) {
      throw new IllegalArgumentException(
          "a corpus needs the name of a column and at least one document, got '"
              + column
              + "' and "
              + first);
    }
  }

  private Corpus(String label, List<Path> files) {
    this(label, files, USUAL_COLUMN, false, Long.MAX_VALUE);
  }

  /**
   * A file, or all files below a folder, sorted by name; those are left out whose name, or whose
   * folder's, begins with a dot. Files of rows are known by their names, as {@link DataSet} knows
   * them; any other must be text in UTF-8.
   *
   * @throws CorpusException if there is none
   */
  public static Corpus of(Path path) {
    String name = String.valueOf(path.toAbsolutePath().normalize().getFileName());
    if (Files.isRegularFile(path)) {
      return new Corpus(name, List.of(path));
    }
    if (!Files.isDirectory(path)) {
      throw new CorpusException("there is no file or folder " + path + " to read text of");
    }
    List<Path> files;
    try (Stream<Path> below = Files.walk(path)) {
      files =
          below
              .filter(file -> Files.isRegularFile(file) && !hidden(path.relativize(file)))
              .sorted((a, b) -> name(path, a).compareTo(name(path, b)))
              .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot list " + path + ": " + e.getMessage(), e);
    }
    if (files.isEmpty()) {
      throw new CorpusException(
          "the folder " + path + " has no file to read text of; hidden ones do not count");
    }
    return new Corpus(name, files);
  }

  private static boolean hidden(Path relative) {
    for (Path part : relative) {
      if (part.toString().startsWith(".")) {
        return true;
      }
    }
    return false;
  }

  private static String name(Path folder, Path file) {
    return folder.relativize(file).toString().replace('\\', '/');
  }

  /** The rows of a data set, each of which is a document. */
  public static Corpus of(DataSet rows) {
    return new Corpus(rows.origin(), rows.files());
  }

  /** The same, the text of rows being in that column. */
  public Corpus column(String name) {
    return new Corpus(label, files, name, byLine, first);
  }

  /** The same, each line of plain text being a document. */
  public Corpus lines() {
    return new Corpus(label, files, column, true, first);
  }

  /** The same, no more documents than that. */
  public Corpus first(long documents) {
    return new Corpus(label, files, column, byLine, documents);
  }

  /**
   * Examples of what that model learns, whatever its kind; see {@link Packing}.
   *
   * @param contextTokens T, how many tokens each has
   * @throws CorpusException if there is no text, or not enough for one
   */
  public Examples examples(Model model, int contextTokens, long seed, ProgressListener listener) {
    return Packing.of(contextTokens, seed).examples(this, model, listener);
  }

  /** What decides its documents, in a hash: contents, and how they are read. */
  String sha256(KnownHashes hashes, ProgressListener listener) {
    StringBuilder text = new StringBuilder("kerf corpus 1\n" + first + "\n");
    try (Progress progress = listener.start("Reading " + label, sizeBytes(), "bytes")) {
      for (Path file : files) {
        String unit = DataSet.hasRows(file) ? "column " + column : byLine ? "lines" : "text";
        text.append(unit).append(' ').append(hashes.of(file, progress)).append('\n');
      }
    }
    return Sha256.of(text.toString());
  }

  long sizeBytes() {
    return files.stream().mapToLong(Corpus::sizeBytes).sum();
  }

  static long sizeBytes(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file + ": " + e.getMessage(), e);
    }
  }
}
