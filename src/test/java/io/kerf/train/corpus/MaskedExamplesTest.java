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
import io.kerf.text.Framing;
import io.kerf.text.Tokenizer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MaskedExamplesTest {
  private static final Corpus PROSE = Corpus.of(Path.of("datasets/text/held-out.txt"));
  private static final int CONTEXT = 24;

  @TempDir Path folder;

  private static List<Model> encoders() {
    List<Model> found =
        TinyModels.all().stream()
            .filter(model -> model.config().family().kind() == Family.Kind.MASKED)
            .toList();
    assertFalse(found.isEmpty(), "no masked model among the fixtures");
    return found;
  }

  private Packing packing(long seed) {
    return Packing.of(CONTEXT, seed).keptIn(new TokenCache(folder));
  }

  private Examples examples(Model model, Corpus corpus) {
    return packing(0).examples(corpus, model, ProgressListener.NONE);
  }

  /** A masked model that reads characters, '*' being no special token; 3 is the mask. */
  private static Model characters() {
    Model model = TinyModels.characters(false);
    return TinyModels.with(TinyModels.first(Family.Kind.MASKED), model.tokenizer(), 516, 64);
  }

  /** Of ten tokens round(1.5) are chosen, ties to the even number: two. */
  @Test
  void byHandTwoOfTenTokensAreChosen() {
    MaskedMaker maker = MaskedMaker.of(new Masking(0.15), characters(), 10);
    int[] window = IntStream.range(101, 111).toArray();
    for (long n = 0; n < 200; n++) {
      Example example = maker.make(window.clone(), new Draws(9, n));
      int labelled = 0;
      for (int i = 0; i < window.length; i++) {
        boolean chosen = example.labels()[i] != Example.IGNORED;
        labelled += chosen ? 1 : 0;
        assertEquals(chosen ? window[i] : Example.IGNORED, example.labels()[i]);
        assertTrue(chosen || example.ids()[i] == window[i], "others stay");
      }
      assertEquals(2, labelled);
    }
  }

  @Test
  void aShortWindowHasOneLabel() {
    MaskedMaker maker = MaskedMaker.of(new Masking(0.15), characters(), 2);
    for (long n = 0; n < 20; n++) {
      int[] labels = maker.make(new int[] {101, 102}, new Draws(0, n)).labels();
      assertEquals(1, Arrays.stream(labels).filter(l -> l != Example.IGNORED).count());
    }
  }

  @Test
  void fifteenOfAHundredAreChosenAndOfThoseEightyTenTenAreMaskedReplacedLeft() {
    Model model = characters();
    MaskedMaker maker = MaskedMaker.of(new Masking(0.15), model, 60);
    int[] window = IntStream.range(0, 60).map(i -> 104 + i % 26).toArray();
    int chosen = 0;
    int masked = 0;
    int left = 0;
    int examples = 5000;
    int[] places = new int[60];
    for (long n = 0; n < examples; n++) {
      Example example = maker.make(window.clone(), new Draws(4, n));
      for (int i = 0; i < window.length; i++) {
        if (example.labels()[i] != Example.IGNORED) {
          chosen++;
          places[i]++;
          masked += example.ids()[i] == 3 ? 1 : 0;
          left += example.ids()[i] == window[i] ? 1 : 0;
        }
      }
    }
    assertEquals(9 * examples, chosen);
    assertEquals(0.8, masked / (double) chosen, 0.01);
    assertEquals(0.1 + 0.1 / 512, left / (double) chosen, 0.01);
    for (int count : places) {
      assertEquals(chosen / 60, count, 120, "every place as likely");
    }
  }

  @Test
  void windowsStandBetweenSpecialTokensWhichAreNeitherChosenNorDrawn() {
    for (Model model : encoders()) {
      Tokenizer tokenizer = model.tokenizer();
      Framing framing = Framing.of(tokenizer);
      Set<Integer> special = tokenizer.specialIds();
      int mask = tokenizer.maskId().orElseThrow();
      assertTrue(special.contains(mask));
      Examples examples = examples(model, PROSE);
      for (long n = 0; n < 2 * examples.distinct(); n++) {
        Example example = examples.at(n);
        assertEquals(CONTEXT, example.ids().length);
        assertArrayEquals(framing.before(), Arrays.copyOf(example.ids(), framing.before().length));
        assertArrayEquals(
            framing.after(),
            Arrays.copyOfRange(example.ids(), CONTEXT - framing.after().length, CONTEXT));
        int labels = 0;
        for (int i = 0; i < CONTEXT; i++) {
          int label = example.labels()[i];
          if (label != Example.IGNORED) {
            labels++;
            int shown = example.ids()[i];
            assertFalse(special.contains(label), "chosen: " + label);
            assertTrue(shown == mask || !special.contains(shown), "drawn: " + shown);
            assertTrue(shown < model.config().vocabulary());
          }
        }
        assertTrue(labels >= 1);
      }
    }
  }

  @Test
  void whatIsMaskedIsTheWindowOfTheText() {
    Model model = TinyModels.first(Family.Kind.MASKED);
    Examples examples = examples(model, PROSE);
    TokenFile tokens = new TokenCache(folder).tokens(PROSE, model, ProgressListener.NONE);
    int length = CONTEXT - Framing.of(model.tokenizer()).size();
    int before = Framing.of(model.tokenizer()).before().length;
    Example example = examples.at(5);
    int[] original = new int[length];
    for (int i = 0; i < length; i++) {
      int label = example.labels()[before + i];
      original[i] = label == Example.IGNORED ? example.ids()[before + i] : label;
    }
    boolean found = false;
    for (long w = 0; w < examples.distinct(); w++) {
      found |= Arrays.equals(original, tokens.read(w * length, length));
    }
    assertTrue(found);
  }

  @Test
  void everyEpochMasksOtherwiseAndTheSameNumberTheSame() {
    Model model = characters();
    Corpus corpus = PROSE;
    Examples examples = examples(model, corpus);
    Examples again = examples(model, corpus);
    int same = 0;
    for (long n = 0; n < 50; n++) {
      assertArrayEquals(examples.at(n).ids(), again.at(n).ids());
      assertArrayEquals(examples.at(n).labels(), again.at(n).labels());
      Example next = examples.at(n + examples.distinct());
      same += Arrays.equals(examples.at(n).labels(), next.labels()) ? 1 : 0;
    }
    assertTrue(same < 5);
  }

  @Test
  void theShareMayBeAnother() {
    Model model = characters();
    Examples usual = examples(model, PROSE);
    Examples half = packing(0).by(new Masking(0.5)).examples(PROSE, model, ProgressListener.NONE);
    int[] labels = half.at(0).labels();
    assertEquals(12, Arrays.stream(labels).filter(l -> l != Example.IGNORED).count());
    assertEquals("held-out.txt, 24 tokens each, masking 0.5, seed 0", half.label());
    assertNotEquals(usual.sha256(), half.sha256());
    for (double wrong : new double[] {0, 1, 15, Double.NaN}) {
      assertEquals(
          "the share of masked tokens must be in (0, 1), was " + wrong + "; for 15 % write 0.15",
          assertThrows(IllegalArgumentException.class, () -> new Masking(wrong)).getMessage());
    }
  }

  @Test
  void aWindowOfSpecialTokensAloneIsRefused() {
    TokenDocuments unknown = CorpusExamplesTest.documents(new int[100]); // 0 is unknown
    Examples examples = packing(0).examples(unknown, characters(), ProgressListener.NONE);
    assertEquals(
        "a window has nothing to predict: all its 24 tokens are special, the first is 0; does the"
            + " tokenizer know the language of the text?",
        assertThrows(CorpusException.class, () -> examples.at(0)).getMessage());
  }

  @Test
  void aTokenizerWithoutMaskIsRefused() {
    Model model = TinyModels.with(TinyModels.first(Family.Kind.MASKED), new OneToken(), 516, 64);
    var e = assertThrows(IllegalArgumentException.class, () -> examples(model, PROSE));
    assertEquals(
        model.label()
            + ": its tokenizer has no mask token, so that it cannot learn by masking; load the"
            + " model with the tokenizer that it was trained with",
        e.getMessage());
  }

  @Test
  void aMaskOutsideOfTheVocabularyIsRefused() {
    Model model = TinyModels.with(characters(), characters().tokenizer(), 3, 64);
    var e = assertThrows(IllegalArgumentException.class, () -> examples(model, PROSE));
    assertEquals(
        "the tokenizer has the token 3, the model a vocabulary of 3: the tokenizer is not"
            + " this model's; load the model with the tokenizer that it was trained with",
        e.getMessage());
  }
}
