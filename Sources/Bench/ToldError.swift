/// A failure that has been told when it happened: what is left is the exit code.
package struct ToldError: Error {
    package let failure: any Error

    package init(_ failure: any Error) {
        self.failure = failure
    }
}
