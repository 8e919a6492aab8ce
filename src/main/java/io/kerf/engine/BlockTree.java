package io.kerf.engine;

import ai.djl.ndarray.NDArray;
import io.kerf.model.Block;
import io.kerf.model.Model;
import io.kerf.model.Parameter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The blocks that several models begin with, as a tree: it forks where they part.
 *
 * @param members the models that come through here, by index
 * @param from the first block that all of them run here
 * @param to one past the last; members without a further block end here
 * @param branches the others, by what they run next
 */
record BlockTree(List<Integer> members, int from, int to, List<BlockTree> branches) {
  BlockTree {
    members = List.copyOf(members);
    branches = List.copyOf(branches);
  }

  /**
   * A batch on its way through one session's blocks; {@code S} is what goes from block to block.
   */
  interface Passage<S> {
    /** What the first block reads. */
    S start();

    S run(S state, int from, int to);

    /** The session's last block, for the rows that the head reads alone. */
    NDArray runLast(S state, int last);

    /** The rows that the head reads, after a last block that was run for all of them. */
    NDArray read(S state);
  }

  /** Who is told that a member's blocks are run. */
  interface Arrival {
    /**
     * Called once for each member.
     *
     * @param nanos that its blocks took, those of others left out
     */
    void arrived(int member, NDArray read, long nanos);
  }

  /** A tree of those of the models. */
  static BlockTree of(List<Model> models, List<Integer> members) {
    return of(models, members, 0);
  }

  private static BlockTree of(List<Model> models, List<Integer> members, int from) {
    List<Block> first = models.get(members.get(0)).blocks();
    int to = from;
    while (to < first.size() && allHave(models, members, first.get(to), to)) {
      to++;
    }
    List<List<Integer>> parts = new ArrayList<>();
    for (int member : members) {
      List<Block> blocks = models.get(member).blocks();
      if (blocks.size() > to) {
        place(parts, member, models, blocks.get(to), to);
      }
    }
    int fork = to;
    return new BlockTree(
        members, from, to, parts.stream().map(part -> of(models, part, fork)).toList());
  }

  private static boolean allHave(List<Model> models, List<Integer> members, Block block, int at) {
    return members.stream()
        .map(member -> models.get(member).blocks())
        .allMatch(blocks -> blocks.size() > at && same(blocks.get(at), block));
  }

  private static void place(
      List<List<Integer>> parts, int member, List<Model> models, Block block, int at) {
    for (List<Integer> part : parts) {
      if (same(models.get(part.get(0)).blocks().get(at), block)) {
        part.add(member);
        return;
      }
    }
    parts.add(new ArrayList<>(List.of(member)));
  }

  /**
   * Whether two blocks compute the same: the same tensors, not only the same values, and the same
   * origin, by which a model may choose how far back a block looks.
   */
  static boolean same(Block one, Block other) {
    return one.stack() == other.stack()
        && one.origin() == other.origin()
        && one.parameters().keySet().equals(other.parameters().keySet())
        && one.parameters().keySet().stream()
            .allMatch(role -> same(one.parameter(role), other.parameter(role)));
  }

  static boolean same(Parameter one, Parameter other) {
    return one == other
        || one != null
            && other != null
            && one.weight() == other.weight()
            && one.bias() == other.bias();
  }

  /** Who runs the blocks for all: one that has further ones, if any has. */
  private int runner() {
    return branches.isEmpty() ? members.get(0) : branches.get(0).runner();
  }

  /** How many blocks are run for a batch. */
  int blocks() {
    return to - from + branches.stream().mapToInt(BlockTree::blocks).sum();
  }

  /** Takes a batch through all members' blocks, those that several share once. */
  <S> void run(List<? extends Passage<S>> passages, Arrival arrival) {
    long start = System.nanoTime();
    S embedded = passages.get(members.get(0)).start();
    run(passages, embedded, System.nanoTime() - start, arrival);
  }

  private <S> void run(
      List<? extends Passage<S>> passages, S state, long nanosBefore, Arrival arrival) {
    Passage<S> any = passages.get(runner());
    long start = System.nanoTime();
    if (branches.isEmpty()) {
      NDArray read = any.runLast(any.run(state, from, to - 1), to - 1);
      long nanos = nanosBefore + System.nanoTime() - start;
      members.forEach(member -> arrival.arrived(member, read, nanos));
      return;
    }
    S reached = any.run(state, from, to);
    long nanos = nanosBefore + System.nanoTime() - start;
    List<Integer> ended =
        members.stream()
            .filter(m -> branches.stream().noneMatch(branch -> branch.members.contains(m)))
            .toList();
    if (!ended.isEmpty()) {
      NDArray read = any.read(reached);
      ended.forEach(member -> arrival.arrived(member, read, nanos));
    }
    branches.forEach(branch -> branch.run(passages, reached, nanos, arrival));
  }

  /** The whole tree of one model. */
  static BlockTree alone(Model model) {
    return new BlockTree(List.of(0), 0, model.blocks().size(), List.of());
  }

  /** How many blocks the models have together. */
  static int blocks(List<Model> models) {
    return IntStream.range(0, models.size()).map(i -> models.get(i).blocks().size()).sum();
  }
}
