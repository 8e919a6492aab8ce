package io.kerf.compress;

import io.kerf.model.Block;
import io.kerf.model.Lineage;
import io.kerf.model.Model;
import io.kerf.model.Parameter;
import io.kerf.model.Role;
import io.kerf.model.Stack;
import io.kerf.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A model in the making: the matrices of some scopes, one after another, and what replaces them.
 *
 * <p>The order is embeddings, blocks first to last with roles in {@link Role}'s order, head: it
 * decides between equal weights wherever all compete. A matrix that several blocks share is here
 * once, at its first place, and what replaces it goes to all of them.
 */
final class Edit {
  private final Model original;
  private final Model model; // the original, its head untied where it is to be cut apart
  private final Set<Scope> scopes;
  private final List<Site> sites = new ArrayList<>();
  private final Map<Tensor, List<Site>> places = new IdentityHashMap<>(); // of each matrix
  private final Map<Site, Tensor> replaced = new LinkedHashMap<>();

  private Edit(Model original, Set<Scope> scopes) {
    boolean apart = scopes.contains(Scope.HEAD) != scopes.contains(Scope.EMBEDDINGS);
    this.original = original;
    this.model = apart && original.config().head().tied() ? untied(original) : original;
    this.scopes = scopes;
  }

  /**
   * Begins with the matrices of these scopes.
   *
   * @throws IllegalArgumentException if the model has none there
   */
  static Edit of(Model model, Collection<Scope> scopes) {
    Edit edit = new Edit(model, EnumSet.copyOf(scopes));
    model.shared().keySet().stream()
        .filter(role -> role != Role.HEAD)
        .forEach(role -> edit.addIfCut(new Site(Site.OUTSIDE, role)));
    for (int block = 0; block < model.blocks().size(); block++) {
      for (Role role : model.blocks().get(block).parameters().keySet()) {
        edit.addIfCut(new Site(block, role));
      }
    }
    edit.addIfCut(new Site(Site.OUTSIDE, Role.HEAD));
    if (edit.sites.isEmpty()) {
      throw new IllegalArgumentException(
          model.lineage().name() + " has no weights in scope " + Scope.label(edit.scopes));
    }
    return edit;
  }

  /** The same model whose head holds the token embedding as its own. */
  private static Model untied(Model model) {
    Tensor embedding = model.shared().get(Role.TOKEN_EMBEDDING).weight();
    EnumMap<Role, Parameter> shared = new EnumMap<>(model.shared());
    shared.compute(
        Role.HEAD,
        (role, head) -> head == null ? Parameter.of(embedding) : head.withWeight(embedding));
    return new Model(
        model.config().withTiedHead(false),
        shared,
        model.blocks(),
        model.tokenizer(),
        model.lineage(),
        model.documents());
  }

  private void addIfCut(Site site) {
    Parameter parameter = site.parameter(model);
    Stack stack = site.stack(model);
    boolean named = scopes.stream().anyMatch(scope -> scope.contains(site.role(), stack));
    if (named && parameter != null && parameter.weight() != null) {
      List<Site> all = places.computeIfAbsent(parameter.weight(), w -> new ArrayList<>());
      if (all.isEmpty()) {
        sites.add(site);
      }
      all.add(site);
    }
  }

  /** Where the matrices stand, each one's first place alone. */
  List<Site> sites() {
    return sites;
  }

  /** The same places, those together that lie in one stored matrix. */
  List<List<Site>> matrices() {
    Map<String, List<Site>> byMatrix = new LinkedHashMap<>();
    for (Site site : sites) {
      byMatrix.computeIfAbsent(site.matrix(model), name -> new ArrayList<>()).add(site);
    }
    return List.copyOf(byMatrix.values());
  }

  /** The matrix as it was. */
  Tensor weight(Site site) {
    return site.parameter(model).weight();
  }

  /** How errors name that matrix. */
  String name(Site site) {
    return site.name(model);
  }

  /** Another matrix for that place, and for all that share its matrix. */
  void replace(Site site, Tensor replacement) {
    replaced.put(site, replacement);
  }

  /**
   * The model with what was replaced. Its step's settings are the given ones and then the scope and
   * what was achieved there.
   */
  Model publish(String label, Map<String, String> settings) {
    Map<String, String> all = new LinkedHashMap<>(settings);
    all.put("scope", Scope.label(scopes));
    all.putAll(achieved());
    Lineage.Step step = new Lineage.Step(label, all);
    if (replaced.isEmpty()) {
      return original.with(original.shared(), original.blocks(), step);
    }
    EnumMap<Role, Parameter> shared = new EnumMap<>(model.shared());
    List<Block> blocks = new ArrayList<>(model.blocks());
    replaced.forEach(
        (first, tensor) -> {
          for (Site site : places.get(weight(first))) {
            Parameter parameter = site.parameter(model).withWeight(tensor);
            if (site.block() == Site.OUTSIDE) {
              shared.put(site.role(), parameter);
            } else {
              blocks.set(site.block(), blocks.get(site.block()).with(site.role(), parameter));
            }
          }
        });
    return model.with(shared, blocks, step);
  }

  private Map<String, String> achieved() {
    long elements = 0;
    long zeros = 0;
    long bytes = 0;
    for (Site site : sites) {
      Tensor weight = replaced.getOrDefault(site, weight(site));
      elements += weight.shape().elements();
      zeros += weight.zeros();
      bytes += weight.sizeBytes();
    }
    Map<String, String> achieved = new LinkedHashMap<>();
    achieved.put("achieved sparsity", Numbers.fraction((double) zeros / elements));
    achieved.put("achieved bits per weight", Numbers.fraction(8.0 * bytes / elements));
    achieved.put("achieved bytes", Long.toString(bytes));
    return achieved;
  }
}
