package io.kerf.datasets;

import static java.util.function.Function.identity;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toMap;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kerf.eval.DataFile;
import io.kerf.eval.DataHome;
import io.kerf.eval.harness.Harness;
import io.kerf.eval.lama.Lama;
import io.kerf.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The rules that {@code datasets/README.md} states, kept. */
class ShippedDatasetsTest {
  private static final Path DATASETS = Path.of("datasets");
  private static final Path FACTS = DATASETS.resolve("facts");

  private record Fact(String relation, String subject, String object, String uuid) {}

  private static List<Fact> facts() {
    List<Fact> facts = new ArrayList<>();
    for (String relation : relations().keySet()) {
      for (Json row : Json.readLines(FACTS.resolve(relation + ".jsonl"))) {
        assertEquals(relation, row.at("predicate_id").text(), row.where());
        facts.add(
            new Fact(
                relation,
                row.at("sub_label").text(),
                row.at("obj_label").text(),
                row.at("uuid").text()));
      }
    }
    return facts;
  }

  private static Map<String, Json> relations() {
    return Json.readLines(FACTS.resolve("relations.jsonl")).stream()
        .collect(toMap(row -> row.at("relation").text(), identity()));
  }

  private static List<Json> questions() {
    return Json.readLines(DATASETS.resolve("questions/questions.jsonl"));
  }

  private static List<String> vocabulary() throws IOException {
    return Files.readAllLines(FACTS.resolve("vocabulary.txt"));
  }

  @Test
  void relationsAreWrittenAsLamaWritesThem() throws IOException {
    Map<String, Json> relations = relations();
    assertTrue(relations.size() >= 10, () -> "only " + relations.size() + " relations");
    for (Json relation : relations.values()) {
      String template = relation.at("template").text();
      assertEquals(3, (template + "|").split("\\[[XY]]").length, template);
      assertTrue(
          template.contains("[X]") && template.contains("[Y]") && template.endsWith(" ."),
          template);
      assertTrue(Set.of("1-1", "N-1", "N-M").contains(relation.at("type").text()), template);
      assertFalse(relation.at("label").text().isBlank(), template);
      assertFalse(relation.at("description").text().isBlank(), template);
    }
    try (Stream<Path> files = Files.list(FACTS)) {
      Set<String> named =
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> name.endsWith(".jsonl") && !name.equals("relations.jsonl"))
              .map(name -> name.replace(".jsonl", ""))
              .collect(Collectors.toSet());
      assertEquals(named, relations.keySet(), "files of facts and relations differ");
    }
  }

  @Test
  void everyRelationIsSaidInSeveralWaysTheFirstOfWhichIsItsTemplate() {
    relations()
        .forEach(
            (relation, row) -> {
              Path file = FACTS.resolve("paraphrases").resolve(relation + ".jsonl");
              List<String> patterns =
                  Json.readLines(file).stream().map(line -> line.at("pattern").text()).toList();
              assertEquals(row.at("template").text(), patterns.get(0), relation);
              assertEquals(patterns.size(), new HashSet<>(patterns).size(), relation);
              long last = patterns.stream().filter(p -> p.endsWith("[Y] .")).count();
              assertTrue(
                  last >= 3, () -> relation + ": decoders can be asked in " + last + " ways");
              for (String pattern : patterns) {
                assertEquals(3, (pattern + "|").split("\\[[XY]]").length, pattern);
                assertTrue(pattern.contains("[X]") && pattern.contains("[Y]"), pattern);
              }
            });
  }

  @Test
  void factsAreManyAndDistinctAndDoNotGiveTheirObjectAway() {
    List<Fact> facts = facts();
    assertTrue(facts.size() >= 350, () -> "only " + facts.size() + " facts");
    assertEquals(facts.size(), facts.stream().map(Fact::uuid).distinct().count());
    assertEquals(
        facts.size(), facts.stream().map(f -> f.relation() + "|" + f.subject()).distinct().count());
    for (Fact fact : facts) {
      String subject = fact.subject().toLowerCase(Locale.ROOT);
      assertFalse(subject.contains(fact.object().toLowerCase(Locale.ROOT)), fact::toString);
      assertEquals(fact.subject().strip(), fact.subject(), fact::toString);
    }
  }

  @Test
  void noObjectStandsForMoreThanAQuarterOfItsRelation() {
    Map<String, List<Fact>> byRelation = facts().stream().collect(groupingBy(Fact::relation));
    Map<String, Json> relations = relations();
    byRelation.forEach(
        (relation, facts) -> {
          var counts = facts.stream().collect(groupingBy(Fact::object, counting()));
          long most = Collections.max(counts.values());
          assertTrue(most <= 0.25 * facts.size(), () -> relation + ": " + counts);
          if (relations.get(relation).at("type").text().equals("1-1")) {
            assertEquals(1, most, () -> relation + ": " + counts);
          }
        });
  }

  @Test
  void theVocabularyHoldsEveryObjectOnceAndSingleWordsOnly() throws IOException {
    List<String> words = vocabulary();
    assertTrue(words.size() >= 2_000, () -> "only " + words.size() + " words");
    assertEquals(words.size(), new HashSet<>(words).size(), "a word occurs twice");
    for (String word : words) {
      assertTrue(word.matches("\\p{L}+"), word);
    }
    Set<String> missing = facts().stream().map(Fact::object).collect(Collectors.toSet());
    missing.removeAll(Set.copyOf(words));
    assertEquals(Set.of(), missing, "objects that the vocabulary lacks");
  }

  @Test
  @Tag("shared")
  void everyWordIsOneTokenOfBert() throws IOException {
    Path common =
        Path.of(System.getProperty("kerf.shared", "../shared"), "data/lama/common_vocab_cased.txt");
    Assumptions.assumeTrue(Files.exists(common), common + " is not there");
    Set<String> words = new HashSet<>(vocabulary());
    words.removeAll(Set.copyOf(Files.readAllLines(common)));
    assertEquals(Set.of(), words);
  }

  @Test
  void questionsHaveFourDistinctChoices() {
    List<Json> questions = questions();
    assertTrue(questions.size() >= 120, () -> "only " + questions.size() + " questions");
    for (Json row : questions) {
      assertEquals(4, Set.copyOf(row.at("choices").texts()).size(), row::where);
      assertTrue(row.at("answer").integer() >= 0 && row.at("answer").integer() < 4, row::where);
      assertTrue(row.at("question").text().endsWith("?"), row::where);
      assertFalse(row.at("topic").text().isBlank(), row::where);
    }
    assertEquals(
        questions.size(), questions.stream().map(q -> q.at("id").text()).distinct().count());
    assertEquals(
        questions.size(), questions.stream().map(q -> q.at("question").text()).distinct().count());
  }

  @Test
  void neitherPositionNorLengthGivesTheAnswerAway() {
    List<Json> questions = questions();
    var positions =
        questions.stream().collect(groupingBy(q -> q.at("answer").integer(), counting()));
    assertEquals(4, positions.size());
    assertTrue(
        Collections.max(positions.values()) - Collections.min(positions.values()) <= 1,
        positions::toString);
    long longest = questions.stream().filter(ShippedDatasetsTest::answerIsLongest).count();
    double share = (double) longest / questions.size();
    assertTrue(share <= 0.30, () -> "the longest choice is right in " + share + " of them");
  }

  private static boolean answerIsLongest(Json question) {
    List<String> choices = question.at("choices").texts();
    int answer = question.at("answer").integer();
    int length = choices.get(answer).length();
    for (int i = 0; i < choices.size(); i++) {
      if (i != answer && choices.get(i).length() >= length) {
        return false;
      }
    }
    return true;
  }

  @Test
  void theTextIsLongAndRepeatsNoParagraph() throws IOException {
    String text = Files.readString(DATASETS.resolve("text/held-out.txt"));
    int words = text.split("\\s+").length;
    assertTrue(words >= 8_000 && words <= 12_000, () -> words + " words");
    List<String> paragraphs = List.of(text.strip().split("\n{2,}"));
    assertEquals(paragraphs.size(), new HashSet<>(paragraphs).size());
  }

  @Test
  void theSuitesFindThemByNameAndReadEveryFile() throws IOException {
    DataHome home = DataHome.of(DATASETS);
    assertEquals(List.of("facts"), Lama.in(home).available());
    assertEquals(List.of("questions", "held_out"), Harness.in(home).available());
    try (Stream<Path> files = Files.list(FACTS)) {
      assertEquals(
          files.filter(Files::isRegularFile).collect(Collectors.toSet()),
          Lama.in(home).task("facts").data().stream()
              .map(DataFile::path)
              .collect(Collectors.toSet()));
    }
  }

  @Test
  void theReadmeCountsWhatIsThere() throws IOException {
    String readme = Files.readString(DATASETS.resolve("README.md"));
    String text = Files.readString(DATASETS.resolve("text/held-out.txt"));
    for (int count :
        new int[] {
          relations().size(),
          facts().size(),
          vocabulary().size(),
          questions().size(),
          text.split("\\s+").length
        }) {
      String written = String.format(Locale.ROOT, "| %,d", count);
      assertTrue(readme.contains(written), () -> "README.md does not say " + written);
    }
  }
}
