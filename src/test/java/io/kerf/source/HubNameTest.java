package io.kerf.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HubNameTest {
  private static HubName parsed(String text) {
    return HubName.parse(text).orElseThrow();
  }

  @Test
  void readsRepositoryRevisionAndFile() {
    assertEquals(new HubName("org/name", "main", ""), parsed("org/name"));
    assertEquals(new HubName("org/name", "v1.0", ""), parsed("org/name@v1.0"));
    assertEquals(new HubName("org/name", "refs/pr/1", ""), parsed("org/name@refs/pr/1"));
    assertEquals(new HubName("Org-1/na.me_2", "main", "a.gguf"), parsed("Org-1/na.me_2:a.gguf"));
    assertEquals(new HubName("org/name", "v1", "b/a.gguf"), parsed("org/name@v1:b/a.gguf"));
  }

  @Test
  void writesTheShortestSpelling() {
    for (String text : List.of("org/name", "org/name@v1", "org/name:a.gguf", "o/n@v/1:b/a.gguf")) {
      assertEquals(text, parsed(text).text());
    }
    assertEquals("org/name", parsed("org/name@main").text());
  }

  @Test
  void whatHasNotOneSlashBetweenTwoWordsIsNoHubName() {
    for (String text :
        List.of("name", "", "/", "/name", "org/", "a/b/c", "/a/b", "C:/a", "C:\\a", "a\\b/c")) {
      assertEquals(Optional.empty(), HubName.parse(text), text);
    }
  }

  @Test
  void saysWhatARepositoryIsMadeOf() {
    for (String text :
        List.of("./name", "../name", "~/models", "org/na me", "org/a--b", "org/a..b", "org/-a")) {
      assertEquals(
          "'"
              + text
              + "' cannot be a model on the Hugging Face hub: organisation and name are made of"
              + " letters, digits, '_', and single '-' and '.' between them; a path must exist",
          assertThrows(IllegalArgumentException.class, () -> HubName.parse(text)).getMessage());
    }
  }

  @Test
  void aRevisionNeverLeadsElsewhere() {
    for (String revision : List.of("..", "a/../b", "/a", "a\\b", "a\0")) {
      assertEquals(
          "the revision of org/name is a branch, a tag or a commit, was '" + revision + "'",
          assertThrows(IllegalArgumentException.class, () -> HubName.parse("org/name@" + revision))
              .getMessage());
    }
  }

  @Test
  void onlyAGgufFileIsAModelByItself() {
    for (String file : List.of("model.safetensors", "../a.gguf", "/a.gguf", "a\\b.gguf")) {
      assertEquals(
          "behind org/name: stands the path of a file that ends with .gguf, was '"
              + file
              + "'; load(\"org/name\") reads the whole model",
          assertThrows(IllegalArgumentException.class, () -> HubName.parse("org/name:" + file))
              .getMessage());
    }
  }
}
