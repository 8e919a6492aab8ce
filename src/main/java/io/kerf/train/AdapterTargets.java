package io.kerf.train;

import io.kerf.compress.Scope;
import io.kerf.model.AdapterLayers;
import io.kerf.model.AdapterTarget;
import io.kerf.model.Model;
import io.kerf.model.Role;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which layers get an adapter, as a user says it: scopes, roles, names of modules; together they
 * mean all that each of them does.
 *
 * @param scopes parts of the blocks: QKV, ATTENTION, FFN, ALL
 * @param roles single layers of every block
 * @param modules names as in PEFT's target_modules: "q_proj", "model.layers.3.mlp.up_proj", "head"
 */
public record AdapterTargets(Set<Scope> scopes, Set<Role> roles, List<String> modules) {
  public AdapterTargets {
    scopes = Set.copyOf(scopes);
    roles = Set.copyOf(roles);
    modules = List.copyOf(modules);
    if (scopes.isEmpty() && roles.isEmpty() && modules.isEmpty()) {
      throw new IllegalArgumentException(
          "name what gets an adapter: a scope (ATTENTION), a role or a module (\"q_proj\")");
    }
    if (scopes.contains(Scope.EMBEDDINGS)) {
      throw new IllegalArgumentException(
          "an embedding takes no adapter; name ATTENTION, FFN, ALL or HEAD");
    }
  }

  /** All layers of these scopes. */
  public static AdapterTargets of(Scope... scopes) {
    return new AdapterTargets(Set.of(scopes), Set.of(), List.of());
  }

  /** The layers of these roles. */
  public static AdapterTargets of(Role... roles) {
    return new AdapterTargets(Set.of(), Set.of(roles), List.of());
  }

  /** The layers that lie in modules of these names. */
  public static AdapterTargets of(String... modules) {
    return new AdapterTargets(Set.of(), Set.of(), List.of(modules));
  }

  /**
   * The layers of a model that are meant, in the order of its forward pass; one that several blocks
   * share once, at its first place.
   *
   * @throws IllegalArgumentException if the model has nothing of one of them, with what it has and
   *     what may have been meant
   */
  public List<AdapterTarget> in(Model model) {
    AdapterLayers layers = AdapterLayers.of(model);
    Collection<AdapterTarget> found = new TreeSet<>();
    EnumSet.allOf(Scope.class).stream()
        .filter(scopes::contains)
        .forEach(scope -> found.addAll(layers.where("scope " + scope.label(), scope::contains)));
    EnumSet.allOf(Role.class).stream()
        .filter(roles::contains)
        .forEach(role -> found.addAll(layers.where("role " + role, (each, stack) -> each == role)));
    modules.forEach(name -> found.addAll(layers.named(name)));
    return List.copyOf(found);
  }
}
