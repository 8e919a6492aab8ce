package io.kerf.eval;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a task asks one model.
 *
 * @param kept asked, in the data's order
 * @param dropped left out by the task's rules
 */
public record Documents(List<Document> kept, List<Dropped> dropped) {
  public Documents {
    kept = List.copyOf(kept);
    dropped = List.copyOf(dropped);
  }

  /** Documents of which none was left out. */
  public static Documents of(List<? extends Document> kept) {
    return new Documents(List.copyOf(kept), List.of());
  }

  /**
   * A document left out.
   *
   * @param reason by which rule: "multi_token_object"
   */
  public record Dropped(String id, String reason) {}

  /** How many were left out for each reason. */
  public Map<String, Long> droppedByReason() {
    return dropped.stream()
        .collect(Collectors.groupingBy(Dropped::reason, TreeMap::new, Collectors.counting()));
  }
}
