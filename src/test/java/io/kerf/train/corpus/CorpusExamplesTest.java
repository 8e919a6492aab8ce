package io.kerf.train.corpus;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kerf.engine.Example;
import io.kerf.model.Family;
import io.kerf.model.Model;
import io.kerf.progress.ProgressListener;
import io.kerf.rows.DataSet;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From text to windows: what documents are, how they are packed, what is refused. */
class CorpusExamplesTest {
  private static final Path PROSE = Path.of("datasets/text/held-out.txt");

  @TempDir Path folder;

  private Path write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  private Examples examples(Corpus corpus, Model model, int contextTokens) {
    return packing(contextTokens, 0).examples(corpus, model, ProgressListener.NONE);
  }

  private Packing packing(int contextTokens, long seed) {
    return Packing.of(contextTokens, seed).keptIn(new TokenCache(folder.resolve("kept")));
  }

  /** All windows in the corpus's order, as text: characters, '<' a beginning, '>' an end. */
  private String packed(Corpus corpus, boolean begins) {
    TokenFile tokens =
        new TokenCache(folder.resolve("kept"))
            .tokens(corpus, TinyModels.characters(begins), ProgressListener.NONE);
    StringBuilder text = new StringBuilder();
    for (int id : tokens.read(0, (int) tokens.header().tokens())) {
      text.append(
          id == 1
              ? "<"
              : id == 2 ? ">" : id < 260 ? "" + (char) (id - 4) : " " + (char) (id - 260));
    }
    return text.toString();
  }

  private static List<String> windows(Examples examples, long from, long to) {
    return LongStream.range(from, to).mapToObj(n -> Arrays.toString(examples.at(n).ids())).toList();
  }

  private String refusal(Corpus corpus, Model model, int contextTokens) {
    return assertThrows(
            IllegalArgumentException.class, () -> examples(corpus, model, contextTokens))
        .getMessage();
  }

  @Test
  void aFileIsOneDocument() throws IOException {
    assertEquals("one\ntwo", packed(Corpus.of(write("a.txt", "one\ntwo")), false));
    assertEquals("<one\ntwo", packed(Corpus.of(write("b.md", "one\ntwo")), true));
  }

  @Test
  void anEndStandsBetweenDocumentsAndABeginningBeforeEach() throws IOException {
    Corpus lines = Corpus.of(write("a.txt", "one\n \n\r\ntwo\r\nthr\ree\n")).lines();
    assertEquals("one>two>thr\ree", packed(lines, false));
    assertEquals("<one><two><thr\ree", packed(lines, true));
  }

  @Test
  void aFolderIsItsFilesByNameWithoutHiddenOnes() throws IOException {
    write("in/b.txt", "last");
    write("in/a/x.raw", "first");
    write("in/a/.hidden", "no");
    write("in/.git/config.txt", "no");
    write(
        "in/a.jsonl",
        "{\"text\": \"row\"}\n{\"text\": null}\n{\"text\": \" \"}\n{\"text\": \"row2\"}\n");
    assertEquals("row>row2>first>last", packed(Corpus.of(folder.resolve("in")), false));
  }

  @Test
  void rowsOfEachKindAreDocuments() throws IOException {
    String expected = "one>two\nlines";
    Path lines = write("r.jsonl", "{\"body\": \"one\"}\n{\"body\": \"two\\nlines\"}\n");
    assertEquals(expected, packed(Corpus.of(lines).column("body"), false));
    assertEquals(expected, packed(Corpus.of(DataSet.of(lines)).column("body"), false));
    Path array = write("r.json", "[{\"body\": \"one\"}, {\"body\": \"two\\nlines\"}]");
    assertEquals(expected, packed(Corpus.of(array).column("body"), false));
    Path csv = write("r.csv", "id,text\n1,one\n2,\"two\nlines\"\n");
    assertEquals(expected, packed(Corpus.of(csv), false));
  }

  @Test
  void rowsOfParquetAreDocuments() {
    DataSet rows = DataSet.of(Path.of("src/test/resources/rows/arc_snappy.parquet"));
    List<String> questions =
        rows.read().rows().stream().map(row -> row.at("question").text()).toList();
    assertTrue(questions.size() > 1);
    Model model = TinyModels.first(Family.Kind.CAUSAL);
    Separators separators = Separators.of(model);
    List<Integer> expected = new ArrayList<>();
    for (String question : questions) {
      add(expected, expected.isEmpty() ? new int[0] : separators.between());
      add(expected, separators.before());
      add(expected, model.tokenizer().encode(question, false));
    }
    TokenFile tokens =
        new TokenCache(folder)
            .tokens(Corpus.of(rows).column("question"), model, ProgressListener.NONE);
    assertEquals(questions.size(), tokens.header().documents());
    List<Integer> seen = new ArrayList<>();
    add(seen, tokens.read(0, (int) tokens.header().tokens()));
    assertEquals(expected, seen);
  }

  private static void add(List<Integer> ids, int[] more) {
    Arrays.stream(more).forEach(ids::add);
  }

  @Test
  void textIsReadWholeWhereverItsPartsEnd() throws IOException {
    for (String begin : List.of("", "a", "ab", "abc")) {
      String text = begin + "é日😀".repeat(30_000);
      StringBuilder read = new StringBuilder();
      long[] told = {0};
      Utf8Text.read(write("a.txt", text), units -> told[0] += units, read::append);
      assertEquals(text, read.toString());
      assertEquals(text.getBytes(StandardCharsets.UTF_8).length, told[0]);
    }
  }

  @Test
  void onlyTheFirstDocumentsAreReadWhereAskedFor() throws IOException {
    Path rows = write("r.jsonl", "{\"text\": \"a\"}\n{\"text\": \"\"}\n{\"text\": \"b\"}\nbroken");
    assertEquals("a>b", packed(Corpus.of(rows).first(2), false));
    Path lines = write("l.txt", "a\n\nb\nc");
    assertEquals("a>b", packed(Corpus.of(lines).lines().first(2), false));
  }

  @Test
  void aMarkOfByteOrderIsNoText() throws IOException {
    assertEquals("text", packed(Corpus.of(write("a.txt", "\ufefftext")), false));
  }

  /** By hand: seven windows of three characters, the last two characters left out. */
  @Test
  void windowsAreOfTheContextsLengthAndTheRestIsLeftOut() throws IOException {
    Corpus corpus = Corpus.of(write("a.txt", "abcdefghijklmnopqrstuvw"));
    Examples examples = examples(corpus, TinyModels.characters(false), 3);
    assertEquals(7, examples.distinct());
    List<String> seen = windows(examples, 0, 7);
    assertTrue(seen.contains("[101, 102, 103]"), seen + "");
    assertTrue(seen.contains("[119, 120, 121]"), seen + "");
    assertEquals(7, seen.stream().distinct().count());
    Example first = examples.at(0);
    assertArrayEquals(first.ids(), first.labels());
    assertEquals("a.txt, 3 tokens each, seed 0", examples.label());
  }

  @Test
  void theNthExampleIsAlwaysTheSameAndEpochsDifferInOrder() {
    Model model = TinyModels.first(Family.Kind.CAUSAL);
    Examples examples = examples(Corpus.of(PROSE), model, 16);
    long all = examples.distinct();
    List<String> first = windows(examples, 0, all);
    List<String> second = windows(examples, all, 2 * all);
    assertEquals(first, windows(examples(Corpus.of(PROSE), model, 16), 0, all));
    assertNotEquals(first, second);
    assertEquals(first.stream().sorted().toList(), second.stream().sorted().toList());
    Examples other = packing(16, 1).examples(Corpus.of(PROSE), model, ProgressListener.NONE);
    assertNotEquals(first, windows(other, 0, all));
    assertNotEquals(examples.sha256(), other.sha256());
    assertNotEquals(examples.sha256(), examples(Corpus.of(PROSE), model, 17).sha256());
    assertEquals(examples.sha256(), examples(Corpus.of(PROSE), model, 16).sha256());
  }

  @Test
  void aCorpusCountsByItsContentNotByItsName() throws IOException {
    Model model = TinyModels.characters(false);
    Examples one = examples(Corpus.of(write("a.txt", "abcdef")), model, 3);
    assertEquals(one.sha256(), examples(Corpus.of(write("b.txt", "abcdef")), model, 3).sha256());
    assertNotEquals(one.sha256(), examples(Corpus.of(write("a.txt", "abcdeg")), model, 3).sha256());
  }

  @Test
  void documentsInTokensArePackedTheSameWay() {
    TokenDocuments documents = documents(new int[] {10, 11, 12}, new int[0], new int[] {13});
    TokenFile tokens =
        new TokenCache(folder)
            .tokens(documents, TinyModels.characters(true), ProgressListener.NONE);
    assertArrayEquals(
        new int[] {1, 10, 11, 12, 2, 1, 13}, tokens.read(0, (int) tokens.header().tokens()));
    assertEquals(2, tokens.header().documents());
    Examples examples =
        packing(7, 0).examples(documents, TinyModels.characters(true), ProgressListener.NONE);
    assertArrayEquals(new int[] {1, 10, 11, 12, 2, 1, 13}, examples.at(5).ids());
    assertEquals("sampled, 7 tokens each, seed 0", examples.label());
  }

  static TokenDocuments documents(int[]... all) {
    return new TokenDocuments() {
      @Override
      public String sha256() {
        return Sha256.of(Arrays.deepToString(all));
      }

      @Override
      public String label() {
        return "sampled";
      }

      @Override
      public void forEach(Consumer<int[]> document) {
        List.of(all).forEach(document);
      }
    };
  }

  @Test
  void whatIsNotThereIsNamed() throws IOException {
    Path none = folder.resolve("none");
    assertEquals(
        "there is no file or folder " + none + " to read text of",
        assertThrows(CorpusException.class, () -> Corpus.of(none)).getMessage());
    Path empty = Files.createDirectories(folder.resolve("empty"));
    write("empty/.hidden", "text");
    assertEquals(
        "the folder " + empty + " has no file to read text of; hidden ones do not count",
        assertThrows(CorpusException.class, () -> Corpus.of(empty)).getMessage());
  }

  @Test
  void anEmptyCorpusIsRefused() throws IOException {
    for (String text : List.of("", " \n \n")) {
      assertEquals(
          "a.txt is empty: no text was found in it, so there is nothing to learn",
          refusal(Corpus.of(write("a.txt", text)), TinyModels.characters(true), 8));
    }
  }

  @Test
  void aCorpusTooShortForOneWindowIsRefused() throws IOException {
    assertEquals(
        "a.txt has 5 tokens, a window needs 8: use a shorter context or more text",
        refusal(Corpus.of(write("a.txt", "abcde")), TinyModels.characters(false), 8));
  }

  @Test
  void aContextBeyondTheModelsPositionsIsRefused() throws IOException {
    Model model = TinyModels.characters(false);
    assertEquals(
        model.label()
            + " has 64 positions, examples were to have 65 tokens: use a context of at most 64",
        refusal(Corpus.of(PROSE), model, 65));
    assertEquals(
        "examples need at least 2 tokens each, were to have 1",
        refusal(Corpus.of(PROSE), model, 1));
  }

  @Test
  void aColumnThatIsAbsentIsRefusedWithThoseThereAre() throws IOException {
    Path rows = write("r.jsonl", "{\"id\": 1, \"body\": \"a\"}\n");
    assertEquals(
        rows
            + ":1 has no column 'text'; it has: id, body. Name the one that holds the text:"
            + " .column(\"...\")",
        refusal(Corpus.of(rows), TinyModels.characters(false), 2));
    assertEquals(
        rows + ":1: id must be a string, was 1",
        refusal(Corpus.of(rows).column("id"), TinyModels.characters(false), 2));
    assertEquals(
        "a corpus needs the name of a column and at least one document, got '' and 3",
        assertThrows(IllegalArgumentException.class, () -> Corpus.of(rows).first(3).column(""))
            .getMessage());
  }

  @Test
  void aFileThatIsNoTextIsRefusedWithThePlace() throws IOException {
    Path file = folder.resolve("a.bin");
    byte[] bytes = "é".repeat(50_000).getBytes(StandardCharsets.UTF_8);
    String wayOut =
        "; text in another encoding must be put in UTF-8 first, and what is no text cannot be"
            + " learned from (rows may be in jsonl, json, csv, parquet)";
    bytes[70_000] = (byte) 0xff;
    Files.write(file, bytes);
    assertEquals(
        file + " is no UTF-8 text: its byte 70000 is 0xff" + wayOut,
        refusal(Corpus.of(file), TinyModels.characters(false), 2));
    Files.write(file, Arrays.copyOf(bytes, 69_999)); // the first half of a character last
    assertEquals(
        file + " is no UTF-8 text: its byte 69998 is 0xc3" + wayOut,
        refusal(Corpus.of(file), TinyModels.characters(false), 2));
    Files.write(file, new byte[] {'a', (byte) 0xc3, (byte) 0xa9, 0, 'b'});
    assertEquals(
        file + " is no UTF-8 text: its byte 3 is 0x00" + wayOut,
        refusal(Corpus.of(file), TinyModels.characters(false), 2));
  }

  @Test
  void aTokenizerOfAnotherModelIsRefused() throws IOException {
    Model small =
        TinyModels.with(
            TinyModels.characters(false), TinyModels.characters(false).tokenizer(), 110, 64);
    String message =
        "a.txt has the token 122, the model a vocabulary of 110: the tokenizer is not this"
            + " model's; load the model with the tokenizer that it was trained with";
    Corpus corpus = Corpus.of(write("a.txt", "abcv"));
    assertEquals(message, refusal(corpus, small, 2));
    assertEquals(0, new TokenCache(folder.resolve("kept")).sizeBytes(), "nothing was kept");
    examples(corpus, TinyModels.characters(false), 2);
    assertEquals(message, refusal(corpus, small, 2), "also where the tokens are kept already");
  }

  @Test
  void anObjectiveOfAnotherKindIsRefused() {
    Model model = TinyModels.characters(false);
    assertEquals(
        model.label()
            + " is a causal language model, and cannot learn by Masking[share=0.15], which is for a"
            + " masked language model",
        assertThrows(
                IllegalArgumentException.class,
                () ->
                    packing(8, 0)
                        .by(new Masking(0.15))
                        .examples(Corpus.of(PROSE), model, ProgressListener.NONE))
            .getMessage());
  }

  @Test
  void examplesAreCountedFromNought() throws IOException {
    Examples examples =
        examples(Corpus.of(write("a.txt", "abcdef")), TinyModels.characters(false), 3);
    assertEquals(
        "examples are counted from 0, was -1",
        assertThrows(IllegalArgumentException.class, () -> examples.at(-1)).getMessage());
  }

  @Test
  void progressTellsAllBytesWhateverTheKind() throws IOException {
    write("in/a.txt", "text of\nlines");
    write("in/b.jsonl", "{\"text\": \"row\", \"id\": 7}\n{\"text\": \"row2\"}\n");
    List<Long> told = new ArrayList<>();
    packing(4, 0)
        .examples(
            Corpus.of(folder.resolve("in")),
            TinyModels.characters(false),
            (label, total, unit) -> {
              assertEquals("bytes", unit);
              int index = told.size();
              told.add(-total);
              return units -> told.set(index, told.get(index) + units);
            });
    assertEquals(List.of(0L, 0L), told);
  }
}
