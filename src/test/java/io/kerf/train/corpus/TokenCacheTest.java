package io.kerf.train.corpus;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kerf.model.Model;
import io.kerf.progress.Interrupted;
import io.kerf.progress.ProgressListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenCacheTest {
  private static final String TEXT = "abc def\n".repeat(40_000);

  @TempDir Path folder;

  private final Model model = TinyModels.characters(false);
  private TokenCache cache;
  private Path text;

  @BeforeEach
  void aText() throws IOException {
    cache = new TokenCache(folder.resolve("kept"));
    text = Files.writeString(folder.resolve("a.txt"), TEXT);
    Files.setLastModifiedTime(text, FileTime.from(Instant.now().minusSeconds(60)));
  }

  private TokenFile tokens(ProgressListener listener) {
    return cache.tokens(Corpus.of(text), model, listener);
  }

  private static ProgressListener labels(List<String> into) {
    return (label, total, unit) -> {
      into.add(label);
      return units -> {};
    };
  }

  private static int[] all(TokenFile tokens) {
    return tokens.read(0, Math.toIntExact(tokens.header().tokens()));
  }

  private int[] expected() {
    return model.tokenizer().encode(TEXT, false);
  }

  private List<Path> kept(String ending) throws IOException {
    if (!Files.exists(cache.folder())) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(cache.folder())) {
      return files.filter(file -> file.toString().endsWith(ending)).toList();
    }
  }

  @Test
  void whatWasTokenisedOnceIsNotTokenisedAgain() throws IOException {
    List<String> said = new ArrayList<>();
    assertArrayEquals(expected(), all(tokens(labels(said))));
    assertArrayEquals(expected(), all(tokens(labels(said))));
    Path other = Files.copy(text, folder.resolve("b.txt"));
    cache.tokens(Corpus.of(other), model, labels(said));
    assertEquals(
        List.of("Reading a.txt", "Tokenising a.txt", "Reading a.txt", "Reading b.txt"), said);
    assertEquals(1, kept(".tokens").size());
    assertEquals(128 + 2L * expected().length, Files.size(kept(".tokens").get(0)));
  }

  @Test
  void aChangedFileIsReadAgainAndAnUnchangedOneIsNotHashedAgain() throws IOException {
    tokens(ProgressListener.NONE);
    assertEquals(1, kept(".hash").size());
    FileTime before = Files.getLastModifiedTime(text);
    String other = TEXT.replace('a', 'b');
    Files.writeString(text, other);
    Files.setLastModifiedTime(text, before); // as if nothing had happened: the note counts
    assertArrayEquals(expected(), all(tokens(ProgressListener.NONE)));
    Files.setLastModifiedTime(text, FileTime.from(Instant.now().minusSeconds(30)));
    assertArrayEquals(model.tokenizer().encode(other, false), all(tokens(ProgressListener.NONE)));
  }

  @Test
  void aFileThatWasJustWrittenIsHashedEachTime() throws IOException {
    Files.setLastModifiedTime(text, FileTime.from(Instant.now()));
    tokens(ProgressListener.NONE);
    assertEquals(List.of(), kept(".hash"));
  }

  @Test
  void wideVocabulariesTakeFourBytes() throws IOException {
    Model wide = TinyModels.with(model, model.tokenizer(), 65_537, 64);
    TokenFile narrow = tokens(ProgressListener.NONE);
    TokenFile tokens = cache.tokens(Corpus.of(text), wide, ProgressListener.NONE);
    assertEquals(2, narrow.header().idBytes());
    assertEquals(4, tokens.header().idBytes());
    assertArrayEquals(all(narrow), all(tokens));
    TokenDocuments large = CorpusExamplesTest.documents(new int[] {65_536, 0, 300});
    assertArrayEquals(
        new int[] {65_536, 0, 300}, all(cache.tokens(large, wide, ProgressListener.NONE)));
    Model full = TinyModels.with(model, model.tokenizer(), 65_536, 64);
    TokenDocuments last = CorpusExamplesTest.documents(new int[] {65_535, 0});
    assertArrayEquals(new int[] {65_535, 0}, all(cache.tokens(last, full, ProgressListener.NONE)));
  }

  @Test
  void damagedTokensAreMadeAgainAndSaySo() throws IOException {
    tokens(ProgressListener.NONE);
    Path file = kept(".tokens").get(0);
    byte[] whole = Files.readAllBytes(file);
    for (int damage = 0; damage < 3; damage++) {
      byte[] bytes = Arrays.copyOf(whole, damage == 0 ? whole.length - 1 : whole.length);
      bytes[damage == 1 ? 20 : 5000] ^= 1;
      Files.write(file, bytes);
      List<String> said = new ArrayList<>();
      assertArrayEquals(expected(), all(tokens(labels(said))));
      assertEquals("Tokenising a.txt again, since its tokens were damaged", said.get(1));
      assertArrayEquals(whole, Files.readAllBytes(file));
    }
  }

  @Test
  void anInterruptLeavesNothingHalfWritten() throws IOException {
    ProgressListener interrupting =
        (label, total, unit) ->
            units -> {
              if (label.startsWith("Tokenising")) {
                Thread.currentThread().interrupt();
              }
            };
    var e = assertThrows(Interrupted.class, () -> tokens(interrupting));
    assertTrue(e.getMessage().endsWith("was interrupted"), e.getMessage());
    assertEquals(List.of(), kept(".tokens"));
    assertEquals(List.of(), kept(".draft"));
    assertArrayEquals(expected(), all(tokens(ProgressListener.NONE)));
  }

  @Test
  void aFileThatChangesWhileItIsReadIsNotKept() throws IOException {
    ProgressListener changing =
        (label, total, unit) -> {
          if (label.startsWith("Tokenising")) {
            append();
          }
          return units -> {};
        };
    var e = assertThrows(CorpusException.class, () -> tokens(changing));
    assertEquals("a.txt was changed while it was read; begin again", e.getMessage());
    assertEquals(List.of(), kept(".tokens"));
  }

  private void append() {
    try {
      Files.writeString(text, TEXT + "more");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aKilledProcessLeavesNothingThatIsTakenForWhole() throws Exception {
    Process process = TokenisingInProcess.start(text, cache.folder());
    process.destroyForcibly().waitFor();
    assertEquals(List.of(), kept(".tokens"));
    assertEquals(1, kept(".draft").size(), "it was killed in the middle");
    Model read = TinyModels.first(io.kerf.model.Family.Kind.CAUSAL);
    TokenFile tokens = cache.tokens(Corpus.of(text), read, ProgressListener.NONE);
    int[] all = all(tokens);
    int[] whole = read.tokenizer().encode(TEXT, false);
    assertArrayEquals(whole, Arrays.copyOfRange(all, all.length - whole.length, all.length));
    Path draft = kept(".draft").get(0);
    Files.setLastModifiedTime(draft, FileTime.from(Instant.now().minus(Duration.ofDays(2))));
    tokens(ProgressListener.NONE); // another tokenizer: something is written
    assertEquals(List.of(), kept(".draft"), "what was abandoned is removed");
  }

  @Test
  void severalAtOnceGetTheSame() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Callable<int[]>> tasks =
          IntStream.range(0, 4)
              .<Callable<int[]>>mapToObj(i -> () -> all(tokens(ProgressListener.NONE)))
              .toList();
      for (Future<int[]> result : threads.invokeAll(tasks)) {
        assertArrayEquals(expected(), result.get());
      }
    } finally {
      threads.shutdown();
    }
    assertEquals(1, kept(".tokens").size());
    assertEquals(List.of(), kept(".draft"));
  }

  @Test
  void clearingRemovesAll() throws IOException {
    tokens(ProgressListener.NONE);
    Files.writeString(cache.folder().resolve(".x.draft"), "left");
    Path other = Files.writeString(cache.folder().resolve("mine.txt"), "mine");
    assertTrue(cache.sizeBytes() > 128);
    cache.clear();
    assertEquals(0, cache.sizeBytes());
    assertEquals(List.of(other), kept(""));
  }

  @Test
  void aFolderThatCannotBeWrittenIsNamed() throws IOException {
    Path blocked = Files.writeString(folder.resolve("blocked"), "a file");
    cache = new TokenCache(blocked);
    var e = assertThrows(UncheckedIOException.class, () -> tokens(ProgressListener.NONE));
    assertTrue(
        e.getMessage().startsWith("cannot keep tokens in " + blocked + " ("), e.getMessage());
    assertTrue(
        e.getMessage().endsWith("is there room, and may you? KERF_TOKENS names another folder"),
        e.getMessage());
  }

  @Test
  void thePropertyNamesAFolderElseTheVariableElseKerfsHome() {
    Path named = folder.resolve("named");
    assertEquals(named, TokenCache.of(named + "", "other").folder());
    assertEquals(named, TokenCache.of(" ", named + "").folder());
    assertTrue(TokenCache.of(null, "").folder().endsWith("tokens"));
    assertNotEquals(
        io.kerf.source.KerfHome.folder("tokens"),
        TokenCache.ofUser().folder(),
        "tests write into no home");
  }
}
