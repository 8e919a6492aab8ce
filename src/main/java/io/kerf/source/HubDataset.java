package io.kerf.source;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A data set on the Hugging Face hub, as users name it: {@code org/name}, {@code
 * org/name@revision}; those of the first days have a name alone.
 *
 * @param repository "org/name"
 * @param revision a branch, a tag or a commit; "main" where none was named
 */
public record HubDataset(String repository, String revision) {
  /** Where the hub keeps what it made of data sets of all kinds: Parquet files. */
  public static final String CONVERTED = "refs/convert/parquet";

  private static final Pattern SHAPE = Pattern.compile("([^@]+)(?:@(.+))?");

  public HubDataset {
    new HubRepo(HubRepo.Kind.DATASET, repository, revision); // checks both
  }

  /**
   * Reads a name.
   *
   * @throws IllegalArgumentException if no data set is named so
   */
  public static HubDataset of(String text) {
    Matcher shape = SHAPE.matcher(text);
    boolean fits = shape.matches();
    String revision = fits && shape.group(2) != null ? shape.group(2) : HubRepo.MAIN;
    return new HubDataset(fits ? shape.group(1) : text, revision);
  }

  /** The same data set as the hub converted it. */
  public HubDataset converted() {
    return new HubDataset(repository, CONVERTED);
  }

  /** Whether it is the revision of those who name none. */
  public boolean isMain() {
    return revision.equals(HubRepo.MAIN);
  }

  HubRepo repo() {
    return new HubRepo(HubRepo.Kind.DATASET, repository, revision);
  }

  /** The name in its shortest spelling; {@link #of} reads it. */
  public String text() {
    return repo().text();
  }
}
