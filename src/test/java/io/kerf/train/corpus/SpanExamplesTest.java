package io.kerf.train.corpus;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kerf.engine.Example;
import io.kerf.model.Family;
import io.kerf.model.Model;
import io.kerf.progress.ProgressListener;
import io.kerf.text.Tokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpanExamplesTest {
  private static final Corpus PROSE = Corpus.of(Path.of("datasets/text/held-out.txt"));

  @TempDir Path folder;

  private final Model model = TinyModels.first(Family.Kind.ENCODER_DECODER);

  private Packing packing(int contextTokens) {
    return Packing.of(contextTokens, 0).keptIn(new TokenCache(folder));
  }

  private static int sentinel(Model model, int index) {
    return model.tokenizer().id("<extra_id_" + index + ">").orElseThrow();
  }

  private static List<Model> encoderDecoders() {
    List<Model> found =
        TinyModels.all().stream()
            .filter(m -> m.config().family().kind() == Family.Kind.ENCODER_DECODER)
            .toList();
    assertFalse(found.isEmpty(), "no encoder-decoder among the fixtures");
    return found;
  }

  /**
   * By hand: of 12 tokens half are noise, in two spans of three on average; whatever the lengths,
   * text stands first and noise last, so that nine tokens are read and nine written beside eos.
   */
  @Test
  void byHandSpansAreReplacedBySentinelsAndWrittenBehindThem() {
    SpanMaker maker = SpanMaker.of(new SpanCorruption(0.5, 3), model, 9);
    assertEquals(12, maker.windowTokens());
    int[] window = IntStream.range(1000, 1012).toArray();
    int[] hidden = {2, 4};
    int[] shown = {1, 5};
    long n = 0;
    while (!drawn(n, hidden, shown)) { // until these lengths are drawn
      n++;
    }
    int[] s = {sentinel(model, 0), sentinel(model, 1), sentinel(model, 2)};
    int eos = model.tokenizer().eosId().orElseThrow();
    Example example = maker.make(window, new Draws(0, n));
    assertArrayEquals(
        new int[] {1000, s[0], 1003, 1004, 1005, 1006, 1007, s[1], eos}, example.ids());
    assertArrayEquals(
        new int[] {s[0], 1001, 1002, s[1], 1008, 1009, 1010, 1011, s[2], eos}, example.labels());
  }

  private static boolean drawn(long n, int[] hidden, int[] shown) {
    Draws draws = new Draws(0, n);
    return Arrays.equals(hidden, SpanMaker.lengths(6, 2, draws))
        && Arrays.equals(shown, SpanMaker.lengths(6, 2, draws));
  }

  /** T5's own: inputs of 512 tokens come of 568, with 114 written beside the last sentinel. */
  @Test
  void windowsAreAsLongAsThoseOfT5() {
    SpanMaker maker = SpanMaker.of(new SpanCorruption(0.15, 3), model, 512);
    assertEquals(568, maker.windowTokens());
    Example example = maker.make(new int[568], new Draws(0, 0));
    assertEquals(512, example.ids().length);
    assertEquals(114 + 1, example.labels().length);
  }

  @Test
  void everyLengthThatIsReadIsTheContexts() {
    for (int context = 3; context < 200; context++) {
      SpanMaker maker = SpanMaker.of(new SpanCorruption(0.15, 3), model, context);
      int[] window = new int[maker.windowTokens()];
      assertEquals(context, maker.make(window, new Draws(1, context)).ids().length);
    }
  }

  @Test
  void putBackTogetherTheyAreTheTextOnceEach() {
    for (Model each : encoderDecoders()) {
      Examples examples = packing(40).examples(PROSE, each, ProgressListener.NONE);
      TokenFile tokens = new TokenCache(folder).tokens(PROSE, each, ProgressListener.NONE);
      int length = SpanMaker.of(new SpanCorruption(0.15, 3), each, 40).windowTokens();
      List<String> windows = new ArrayList<>();
      List<String> joined = new ArrayList<>();
      for (long n = 0; n < examples.distinct(); n++) {
        windows.add(Arrays.toString(tokens.read(n * length, length)));
        joined.add(joined(examples.at(n), each).toString());
      }
      windows.sort(null);
      joined.sort(null);
      assertEquals(windows, joined);
    }
  }

  /** The text with each sentinel replaced by what was written behind it. */
  private static List<Integer> joined(Example example, Model model) {
    int eos = model.tokenizer().eosId().orElseThrow();
    int[] ids = example.ids();
    int[] labels = example.labels();
    assertEquals(eos, ids[ids.length - 1]);
    assertEquals(eos, labels[labels.length - 1]);
    List<Integer> text = new ArrayList<>();
    int spans = 0;
    int written = 0;
    for (int i = 0; i < ids.length - 1; i++) {
      if (ids[i] != sentinel(model, spans)) {
        text.add(ids[i]);
        continue;
      }
      assertTrue(i > 0, "text stands first");
      assertEquals(sentinel(model, spans++), labels[written++]);
      int before = text.size();
      while (labels[written] != sentinel(model, spans)) {
        text.add(labels[written++]);
      }
      assertTrue(text.size() > before, "a span has a token");
    }
    assertEquals(labels.length - 2, written, "the last sentinel, and the end");
    return text;
  }

  @Test
  void noiseAndSpansAreAsManyAsAskedForAndEveryPlaceIsHidden() {
    SpanCorruption corruption = new SpanCorruption(0.15, 3);
    int length = 200;
    assertEquals(30, corruption.noise(length));
    assertEquals(10, corruption.spans(length));
    assertEquals(1, corruption.noise(2));
    assertEquals(1, corruption.spans(2));
    assertEquals(1, new SpanCorruption(0.9, 1).spans(10), "text stands before each");
    SpanMaker maker = SpanMaker.of(corruption, model, length - 30 + 10 + 1);
    assertEquals(length, maker.windowTokens());
    int[] window = IntStream.range(1000, 1000 + length).toArray();
    int[] hidden = new int[length];
    int examples = 4000;
    for (long n = 0; n < examples; n++) {
      for (int label : maker.make(window, new Draws(2, n)).labels()) {
        if (label >= 1000 && label < 1000 + length) {
          hidden[label - 1000]++;
        }
      }
    }
    assertEquals(30 * examples, Arrays.stream(hidden).sum());
    assertEquals(0, hidden[0]);
    for (int i = 40; i < length - 40; i++) {
      assertEquals(0.15, hidden[i] / (double) examples, 0.04, "token " + i);
    }
  }

  @Test
  void lengthsOfSpansAreEachAsLikely() {
    int[] counts = new int[6]; // of the first of three that sum to 7
    for (long n = 0; n < 15_000; n++) {
      int[] lengths = SpanMaker.lengths(7, 3, new Draws(3, n));
      assertEquals(7, Arrays.stream(lengths).sum());
      counts[lengths[0]]++;
    }
    assertArrayEquals(new int[] {0, 5000, 4000, 3000, 2000, 1000}, rounded(counts));
  }

  private static int[] rounded(int[] counts) {
    return Arrays.stream(counts).map(count -> (count + 500) / 1000 * 1000).toArray();
  }

  @Test
  void everyEpochHidesOtherSpans() {
    Examples examples = packing(64).examples(PROSE, model, ProgressListener.NONE);
    assertArrayEquals(examples.at(3).labels(), examples.at(3).labels());
    List<String> seen = new ArrayList<>();
    for (long epoch = 0; epoch < 3; epoch++) {
      List<String> labels = new ArrayList<>();
      for (long n = 0; n < examples.distinct(); n++) {
        labels.add(Arrays.toString(examples.at(epoch * examples.distinct() + n).labels()));
      }
      labels.sort(null);
      seen.add(labels.toString());
    }
    assertEquals(3, seen.stream().distinct().count());
  }

  @Test
  void sentinelsThatDoNotSufficeAreSaid() {
    int most = 0;
    while (model.tokenizer().id("<extra_id_" + most + ">").isPresent()) {
      most++;
    }
    int context = 2 * most + 4;
    var e =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                packing(context)
                    .by(new SpanCorruption(0.5, 1))
                    .examples(PROSE, model, ProgressListener.NONE));
    SpanCorruption corruption = new SpanCorruption(0.5, 1);
    int window = context - 1; // half of it and a sentinel for each of the other half, and eos
    assertEquals(
        model.label()
            + ": its tokenizer has "
            + most
            + " sentinels (<extra_id_0> and so on), examples of "
            + context
            + " tokens need "
            + (corruption.spans(window) + 1)
            + ": use a shorter context or longer spans",
        e.getMessage());
  }

  @Test
  void aTokenizerWithoutSentinelsIsRefused() {
    Model other = TinyModels.with(model, TinyModels.characters(false).tokenizer(), 516, 64);
    var e =
        assertThrows(
            IllegalArgumentException.class,
            () -> packing(32).examples(PROSE, other, ProgressListener.NONE));
    assertEquals(
        other.label()
            + ": its tokenizer has 0 sentinels (<extra_id_0> and so on), examples of 32 tokens need"
            + " 3: it cannot learn by span corruption; load the model with the tokenizer that it was"
            + " trained with",
        e.getMessage());
  }

  @Test
  void sentinelsOutsideOfTheVocabularyAreRefused() {
    Tokenizer tokenizer = model.tokenizer();
    Model small = TinyModels.with(model, tokenizer, 2, 64);
    var e =
        assertThrows(
            IllegalArgumentException.class,
            () -> packing(32).examples(PROSE, small, ProgressListener.NONE));
    assertTrue(
        e.getMessage()
            .startsWith(
                "the tokenizer has the token "
                    + sentinel(model, 0)
                    + ", the model a vocabulary of 2: "),
        e.getMessage());
  }

  @Test
  void sharesAndSpansOutOfBoundsAreRefused() {
    assertEquals(
        "the share of noise must be in (0, 1), was 15.0; for 15 % write 0.15",
        assertThrows(IllegalArgumentException.class, () -> new SpanCorruption(15, 3)).getMessage());
    assertEquals(
        "spans must have at least 1 token on average, was 0.5",
        assertThrows(IllegalArgumentException.class, () -> new SpanCorruption(0.15, 0.5))
            .getMessage());
    assertEquals(
        "examples need at least 3 tokens each, were to have 2",
        assertThrows(
                IllegalArgumentException.class,
                () -> packing(2).examples(PROSE, model, ProgressListener.NONE))
            .getMessage());
    Examples one = packing(32).examples(PROSE, model, ProgressListener.NONE);
    Examples other =
        packing(32).by(new SpanCorruption(0.3, 2)).examples(PROSE, model, ProgressListener.NONE);
    assertNotEquals(one.sha256(), other.sha256());
    assertEquals(
        "held-out.txt, 32 tokens each, span corruption 0.3 in spans of 2.0, seed 0", other.label());
  }
}
