package io.kerf.train.corpus;

import io.kerf.model.Model;
import io.kerf.progress.Interrupted;
import io.kerf.progress.Progress;
import io.kerf.progress.ProgressListener;
import io.kerf.source.KerfHome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * The tokens of corpora, kept in a folder: what was tokenised once is not tokenised again, whatever
 * it is called by then.
 *
 * <p>A corpus counts by its contents, a tokenizer by its definition. A token takes 2 bytes, or 4
 * where the vocabulary is beyond 65,536. A file appears by one rename when it is whole; one that is
 * damaged later is made again. Nothing is removed but by {@link #clear}.
 *
 * @param folder need not exist
 */
public record TokenCache(Path folder) {
  /** System property that names the folder. */
  public static final String PROPERTY = "kerf.tokens";

  /** Environment variable that names the folder. */
  public static final String VARIABLE = "KERF_TOKENS";

  private static final String VERSION = "kerf tokens 1"; // goes up when text is cut otherwise
  private static final String SUFFIX = ".tokens";
  private static final String DRAFT = ".draft";

  public TokenCache {
    folder = folder.toAbsolutePath();
  }

  /** The user's: the folder of the property, else of the variable, else "tokens" in Kerf's home. */
  public static TokenCache ofUser() {
    return of(System.getProperty(PROPERTY), System.getenv(VARIABLE));
  }

  static TokenCache of(String property, String variable) {
    return new TokenCache(
        KerfHome.named(property, variable).map(Path::of).orElse(KerfHome.folder("tokens")));
  }

  /** How many bytes all files take. */
  public long sizeBytes() {
    long sum = 0;
    for (Path file : files()) {
      try {
        sum += Files.size(file);
      } catch (IOException e) {
        throw new UncheckedIOException("cannot read " + file + ": " + e, e);
      }
    }
    return sum;
  }

  /** Removes all of them, also what killed processes left. */
  public void clear() {
    files().forEach(TokenCache::delete);
  }

  private List<Path> files() {
    List<Path> found = new ArrayList<>();
    if (Files.isDirectory(folder)) {
      try (DirectoryStream<Path> all =
          Files.newDirectoryStream(folder, "*{" + SUFFIX + "," + DRAFT + ",.hash}")) {
        all.forEach(found::add);
      } catch (IOException e) {
        throw new UncheckedIOException("cannot list " + folder + ": " + e, e);
      }
    }
    return found;
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remove " + file + ": " + e, e);
    }
  }

  /** The tokens of a corpus by that model's tokenizer. */
  TokenFile tokens(Corpus corpus, Model model, ProgressListener listener) {
    String content = corpus.sha256(new KnownHashes(folder), listener);
    Separators separators = Separators.of(model);
    String key = key(content + "\n" + model.tokenizer().sha256(), separators, model);
    String work = "Tokenising " + corpus.label();
    return kept(
        key,
        corpus.label(),
        model,
        (draft, why) -> {
          try (TokenWriter writer = writer(draft, corpus.label(), separators, model);
              Tokenising tokenising = new Tokenising(model.tokenizer(), writer, work);
              Progress progress = listener.start(work + why, corpus.sizeBytes(), "bytes")) {
            new DocumentReader(corpus, tokenising, progress).read();
            tokenising.finish();
            String now = corpus.sha256(new KnownHashes(folder), ProgressListener.NONE);
            if (!now.equals(content)) {
              throw new CorpusException(
                  corpus.label() + " was changed while it was read; begin again");
            }
            writer.finish(key);
          }
        });
  }

  /** The tokens of documents that come as such. */
  TokenFile tokens(TokenDocuments documents, Model model, ProgressListener listener) {
    Separators separators = Separators.of(model);
    String key = key("documents " + documents.sha256(), separators, model);
    String work = "Keeping " + documents.label();
    return kept(
        key,
        documents.label(),
        model,
        (draft, why) -> {
          try (TokenWriter writer = writer(draft, documents.label(), separators, model);
              Progress progress = listener.start(work + why, 0, "tokens")) {
            documents.forEach(
                ids -> {
                  Interrupted.check(work);
                  writer.begin();
                  writer.add(ids, 0);
                  progress.advance(ids.length);
                });
            writer.finish(key);
          }
        });
  }

  private static String key(String of, Separators separators, Model model) {
    int idBytes = TokenWriter.idBytes(model.config().vocabulary());
    return Sha256.of(String.join("\n", VERSION, of, separators.toString(), "bytes " + idBytes));
  }

  private static TokenWriter writer(Path draft, String label, Separators separators, Model model)
      throws IOException {
    return new TokenWriter(draft, label, separators, model.config().vocabulary());
  }

  /** Writes a file of tokens; why it is written again, or nothing, goes into what is shown. */
  @FunctionalInterface
  private interface Filling {
    void write(Path draft, String why) throws IOException;
  }

  private TokenFile kept(String key, String label, Model model, Filling filling) {
    Path file = folder.resolve(key + SUFFIX);
    TokenFile tokens = whole(file, key, filling);
    int vocabulary = model.config().vocabulary();
    if (tokens.header().largestId() >= vocabulary) {
      throw Separators.outside(label, tokens.header().largestId(), vocabulary);
    }
    return tokens;
  }

  private TokenFile whole(Path file, String key, Filling filling) {
    String why = "";
    if (Files.exists(file)) {
      try {
        return open(file, key);
      } catch (TokenFileException e) {
        why = " again, since its tokens were damaged";
      }
    }
    Path draft = folder.resolve("." + key + "." + UUID.randomUUID() + DRAFT);
    try {
      Files.createDirectories(folder);
      removeAbandoned();
      try {
        filling.write(draft, why);
        publish(draft, file);
      } finally {
        Files.deleteIfExists(draft);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot keep tokens in "
              + folder
              + " ("
              + e
              + "): is there room, and may you? "
              + VARIABLE
              + " names another folder",
          e);
    }
    return open(file, key);
  }

  /** What no process that lives would have left alone for so long. */
  private void removeAbandoned() throws IOException {
    Instant longAgo = Instant.now().minus(1, ChronoUnit.DAYS);
    for (Path file : files()) {
      if (file.toString().endsWith(DRAFT)
          && Files.getLastModifiedTime(file).toInstant().isBefore(longAgo)) {
        Files.deleteIfExists(file);
      }
    }
  }

  private static void publish(Path draft, Path file) throws IOException {
    try {
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      // Windows replaces no file that is mapped: another process was faster, with the same tokens.
      if (!Files.exists(file)) {
        throw e;
      }
    }
  }

  private static TokenFile open(Path file, String key) {
    TokenFile tokens = TokenFile.open(file);
    if (!tokens.header().key().equals(key)) {
      throw TokenHeader.wrong(file, "holds other tokens than its name says");
    }
    return tokens;
  }
}
