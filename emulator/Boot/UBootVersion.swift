/// The versions of uboot that were examined (ECR6600 facts §1.3).
package enum UBootVersion: String, Hashable, Sendable, CaseIterable {
    case v134 = "1.3.4"
    case v1311 = "1.3.11"
    case v140 = "1.4.0"
}
